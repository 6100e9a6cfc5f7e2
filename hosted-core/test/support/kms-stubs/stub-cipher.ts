import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM as a service would do it inside: nonce, ciphertext, tag. */
export function sealInStub(key: Buffer, plain: Buffer, associatedData: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  cipher.setAAD(associatedData);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** `undefined` when it does not open. */
export function openInStub(key: Buffer, blob: Buffer, associatedData: Buffer): Buffer | undefined {
  if (blob.length < 28) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(blob.subarray(-16));
  try {
    return Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** What a service with a defect might give back. */
export function corrupted(plain: Buffer): Buffer {
  const copy = Buffer.from(plain);
  copy[7] = (copy[7] as number) ^ 1;
  return copy;
}
