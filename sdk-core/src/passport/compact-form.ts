import { base64url } from 'jose';
import { isCanonicalBase64url } from '../encoding/base64url.ts';
import { parseStrictObject, type StrictJson } from '../encoding/strict-json.ts';
import { refusePassport } from './refusal.ts';

/** Longest passport in characters; ours are about a thousand. */
const MAX_LENGTH = 16_384;

export interface Compact {
  /** In characters. Default 16,384. */
  readonly maxLength?: number | undefined;
}

export interface CompactParts {
  readonly header: string;
  readonly payload: string;
}

/** The parts of a JWS in its one canonical compact form (RFC 7515 §7.1), so that one passport has one spelling. */
export function splitCompact(jwt: unknown, { maxLength = MAX_LENGTH }: Compact = {}): CompactParts {
  if (typeof jwt !== 'string' || jwt.length > maxLength) throw refusePassport('passport_malformed');
  const [header, payload, signature, ...more] = jwt.split('.');
  const canonical = more.length === 0 && isPart(header) && isPart(payload);
  if (!canonical) throw refusePassport('passport_malformed');
  // An empty signature is the unsigned form: `alg` says so, and gets the reason.
  if (signature === undefined || !(signature === '' || isPart(signature))) {
    throw refusePassport('passport_malformed');
  }
  return { header, payload };
}

function isPart(part: string | undefined): part is string {
  return part !== undefined && isCanonicalBase64url(part);
}

/** The JSON object of a part; `passport_malformed` or `passport_duplicate_member` otherwise. */
export function decodePart(part: string): Readonly<Record<string, unknown>> {
  return parsePart(base64url.decode(part));
}

/** The JSON object of a decoded part; throws as {@link decodePart}. */
export function parsePart(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const parsed: StrictJson = parseStrictObject(bytes);
  if (parsed.result === 'object') return parsed.value;
  throw refusePassport(
    parsed.result === 'duplicate_member' ? 'passport_duplicate_member' : 'passport_malformed',
  );
}
