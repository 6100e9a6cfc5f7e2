import { decodeBase64url } from '../encoding/base64url.ts';
import { isObject } from '../encoding/strict-json.ts';
import { UserrefError } from '../errors/userref-error.ts';
import { decodePart, splitCompact } from '../passport/compact-form.ts';
import type { KeySource } from '../passport/key-set.ts';
import { refusePassport } from '../passport/refusal.ts';
import { type Signed, verifySigned } from '../passport/verify-signed.ts';
import { inflate } from './inflate.ts';

/** Longest list in characters; ours have about eight thousand. */
const MAX_LENGTH = 2_097_152;
const BITS: readonly unknown[] = [1, 2, 4, 8];
/** What a forged or foreign list is refused with by the common checks, and by us. */
const NOT_SIGNED = new Set(['passport_key_unknown', 'passport_signature_invalid']);

/** A verified list (Token Status List, draft-21). Times are Unix seconds. */
export interface StatusList {
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  /** How long the issuer wants it used, in seconds. */
  readonly ttl: number | null;
  /** The value at a place, or `null` where the list has none. */
  at(index: number): number | null;
}

/** Which list a text is, unverified; `null` when it is none. */
export function subjectOfList(token: string): string | null {
  try {
    const { sub } = decodePart(splitCompact(token, { maxLength: MAX_LENGTH }).payload);
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

/**
 * @throws UserrefError `passport_status_too_large`, `passport_status_signature_invalid`, `passport_status_invalid`
 */
export async function readStatusList(
  token: string,
  { issuer, keys }: { issuer: string; keys: KeySource },
): Promise<StatusList> {
  if (token.length > MAX_LENGTH) throw refusePassport('passport_status_too_large');
  const { claims } = await verifyList(token, keys);
  if (claims.iss !== undefined && claims.iss !== issuer) {
    throw refusePassport('passport_status_signature_invalid', 'The status list names another issuer.');
  }
  const { status_list: body } = claims;
  const issuedAt = seconds(claims.iat) ?? malformed('iat is missing or malformed.');
  if (!isObject(body) || !BITS.includes(body.bits)) throw malformed('bits is not 1, 2, 4 or 8.');
  const bytes = await unpack(body.lst);
  return {
    issuedAt,
    expiresAt: optionalSeconds(claims, 'exp'),
    ttl: optionalSeconds(claims, 'ttl'),
    at: (index) => valueAt(bytes, body.bits as number, index),
  };
}

async function verifyList(token: string, keys: KeySource): Promise<Signed> {
  try {
    return await verifySigned(token, { typ: 'statuslist+jwt', keys, maxLength: MAX_LENGTH });
  } catch (cause) {
    if (!(cause instanceof UserrefError) || !cause.code.startsWith('passport_')) throw cause;
    if (NOT_SIGNED.has(cause.code)) throw refusePassport('passport_status_signature_invalid');
    throw malformed('It is no signed status list.');
  }
}

async function unpack(lst: unknown): Promise<Uint8Array> {
  const packed = typeof lst === 'string' ? decodeBase64url(lst) : null;
  if (packed === null) throw malformed('lst is no canonical base64url.');
  const inflated = await inflate(packed);
  if (inflated.result === 'bytes') return inflated.bytes;
  if (inflated.result === 'too_large') throw refusePassport('passport_status_too_large');
  throw malformed('lst cannot be unpacked.');
}

/** Places run from the lowest bit of the first byte (Token Status List §4.1). */
function valueAt(bytes: Uint8Array, bits: number, index: number): number | null {
  const perByte = 8 / bits;
  const byte = bytes[Math.floor(index / perByte)];
  if (byte === undefined) return null;
  return (byte >> ((index % perByte) * bits)) & ((1 << bits) - 1);
}

function optionalSeconds(claims: Readonly<Record<string, unknown>>, name: string): number | null {
  if (claims[name] === undefined) return null;
  return seconds(claims[name]) ?? malformed(`${name} is malformed.`);
}

function seconds(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function malformed(detail: string): never {
  throw refusePassport('passport_status_invalid', detail);
}
