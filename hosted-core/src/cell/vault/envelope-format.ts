import { CompactEncrypt, compactDecrypt } from 'jose';
import { UserrefError } from '../../errors/userref-error.ts';
import { pad, unpad } from './padding.ts';

const ENVELOPE_ID = /^sea_[a-z2-7]{26}$/;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 64 KiB of content, padded, in base64url, with what stands around it. */
export const MAX_ENVELOPE_LENGTH = 90_000;

/**
 * A compact JWE (RFC 7516 §7.1), `dir` and A256GCM, padded to a size bucket. The protected header holds the
 * random id of the envelope and nothing about the person, the site or the order.
 */
export function encryptEnvelope(key: Uint8Array, envelopeId: string, content: Buffer): Promise<string> {
  return new CompactEncrypt(pad(content)).setProtectedHeader(headerOf(envelopeId)).encrypt(key);
}

/** Throws `sealed_invalid`, the same for every cause. Read the id first, by {@link envelopeIdOf}. */
export async function decryptEnvelope(key: Uint8Array, sealed: string): Promise<Buffer> {
  const allowed = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  const { plaintext } = await compactDecrypt(sealed, key, allowed).catch(() => {
    throw new UserrefError('sealed_invalid', { logDetail: 'envelope does not open' });
  });
  const content = unpad(Buffer.from(plaintext));
  if (!content)
    throw new UserrefError('sealed_invalid', { logDetail: 'padding of the envelope is malformed' });
  return content;
}

/**
 * The id that the envelope names. Throws `sealed_invalid` for everything that we cannot have written byte by
 * byte: one envelope has one spelling.
 */
export function envelopeIdOf(sealed: string): string {
  const parts = sealed.length <= MAX_ENVELOPE_LENGTH ? sealed.split('.') : [];
  const [header = '', key, nonce, ciphertext, tag] = parts.map(canonicalBytes);
  const isWhole =
    parts.length === 5 &&
    key?.length === 0 &&
    nonce?.length === NONCE_BYTES &&
    ciphertext !== undefined &&
    tag?.length === TAG_BYTES;
  const envelopeId = /"kid":"([^"]*)"/.exec(header.toString())?.[1] ?? '';
  const isOurs = ENVELOPE_ID.test(envelopeId) && header.toString() === JSON.stringify(headerOf(envelopeId));
  if (isWhole && isOurs) return envelopeId;
  throw new UserrefError('sealed_invalid');
}

function headerOf(envelopeId: string) {
  return { alg: 'dir', enc: 'A256GCM', typ: 'userref-sealed+jwe', kid: envelopeId };
}

/** `undefined` for anything but base64url in its only canonical form. */
function canonicalBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
