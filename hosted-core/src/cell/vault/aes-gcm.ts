import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

/** AES-256-GCM (NIST SP 800-38D) with the one set of parameters that the vault uses; others are refused. */
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** Node takes tags of 4 bytes as well unless it is told the length. */
const GCM = { authTagLength: TAG_BYTES } as const;

export interface GcmInput {
  readonly nonce: Buffer;
  readonly associatedData: Buffer;
}

/** Throws `TypeError` for a key or nonce of another length. A nonce must never be used twice with one key. */
export function encryptGcm(
  key: KeyObject,
  { nonce, associatedData, plain }: GcmInput & { readonly plain: Buffer },
): { readonly ciphertext: Buffer; readonly tag: Buffer } {
  refuseOther(key, nonce);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, GCM);
  cipher.setAAD(associatedData);
  const ciphertext = cipher.update(plain);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** `undefined` when the tag does not fit; nothing decrypted is left then. Throws `TypeError` for other lengths. */
export function decryptGcm(
  key: KeyObject,
  {
    nonce,
    associatedData,
    ciphertext,
    tag,
  }: GcmInput & { readonly ciphertext: Buffer; readonly tag: Buffer },
): Buffer | undefined {
  refuseOther(key, nonce);
  if (tag.length !== TAG_BYTES) throw new TypeError('a tag has 16 bytes');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, GCM);
  decipher.setAAD(associatedData);
  decipher.setAuthTag(tag);
  const plain = decipher.update(ciphertext);
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return undefined;
  }
}

function refuseOther(key: KeyObject, nonce: Buffer): void {
  if (key.symmetricKeySize !== KEY_BYTES) throw new TypeError('a key has 32 bytes');
  if (nonce.length !== NONCE_BYTES) throw new TypeError('a nonce has 12 bytes');
}
