import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { UserrefError } from '../../errors/userref-error.ts';

/** Every key of the vault is 256 bits long. */
export const KEY_BYTES = 32;

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BLOB_BYTES = 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const GCM = { authTagLength: TAG_BYTES } as const;

/** Wraps one key under another: format byte, nonce, ciphertext, tag (AES-256-GCM, NIST SP 800-38D). */
export function wrapKey(wrappingKey: KeyObject, plainKey: Buffer, associatedData: Buffer): Buffer {
  if (plainKey.length !== KEY_BYTES) throw new TypeError('a key of the vault has 32 bytes');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce, GCM);
  cipher.setAAD(associatedData);
  const ciphertext = Buffer.concat([cipher.update(plainKey), cipher.final()]);
  return Buffer.concat([Buffer.from([FORMAT]), nonce, ciphertext, cipher.getAuthTag()]);
}

/** Opens what {@link wrapKey} made. Throws `integrity_error`, and says no more, for everything else. */
export function unwrapKey(wrappingKey: KeyObject, blob: Buffer, associatedData: Buffer): Buffer {
  if (blob.length !== BLOB_BYTES || blob[0] !== FORMAT) throw damaged('wrapped key has an unknown form');
  const nonce = blob.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, nonce, GCM);
  decipher.setAAD(associatedData);
  decipher.setAuthTag(blob.subarray(BLOB_BYTES - TAG_BYTES));
  const plainKey = decipher.update(blob.subarray(1 + NONCE_BYTES, BLOB_BYTES - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    plainKey.fill(0);
    throw damaged('wrapped key does not open in this place');
  }
  return plainKey;
}

function damaged(logDetail: string): UserrefError {
  return new UserrefError('integrity_error', { logDetail });
}
