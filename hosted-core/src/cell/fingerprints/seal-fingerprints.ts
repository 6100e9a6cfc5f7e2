import { createCipheriv, randomBytes } from 'node:crypto';
import type { Fingerprint, FingerprintKey } from './fingerprint-key.ts';

const RECORD_BYTES = 28;
const MOST_BITS = 255;

/**
 * The file that travels to the scanner: a line of JSON, then nonce, records and tag (AES-256-GCM; the line is
 * bound to it). A record: kind, digits only, bits, length, shingle (4), whole (4), mac (16).
 */
export function sealFingerprints(
  fingerprints: readonly Fingerprint[],
  { key, createdAt, expiresAt }: { key: FingerprintKey; createdAt: Date; expiresAt: Date },
): Buffer {
  const kinds = [...new Set(fingerprints.map(({ kind }) => kind))].sort();
  const header = Buffer.from(
    JSON.stringify({
      userref_fingerprints: 1,
      kinds,
      count: fingerprints.length,
      created_at: createdAt.toISOString(),
      expires_at: expiresAt.toISOString(),
    }),
  );
  const records = Buffer.concat(fingerprints.map((one) => toRecord(one, kinds)));
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.sealing, nonce, { authTagLength: 16 });
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(records), cipher.final()]);
  return Buffer.concat([header, Buffer.from('\n'), nonce, sealed, cipher.getAuthTag()]);
}

function toRecord(one: Fingerprint, kinds: readonly string[]): Buffer {
  const record = Buffer.alloc(RECORD_BYTES);
  record.writeUInt8(kinds.indexOf(one.kind), 0);
  record.writeUInt8(one.isDigits ? 1 : 0, 1);
  record.writeUInt8(Math.min(one.bits, MOST_BITS), 2);
  record.writeUInt8(one.length, 3);
  record.writeUInt32BE(one.shingle, 4);
  record.writeUInt32BE(one.whole, 8);
  one.mac.copy(record, 12);
  return record;
}
