import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Problem } from '../../console/problem.ts';
import { type Fingerprint, ScanKey } from './fingerprint.ts';

interface Header {
  readonly userref_fingerprints: 1;
  readonly kinds: readonly string[];
  readonly created_at: string;
  readonly expires_at: string;
  readonly count: number;
}

const RECORD_BYTES = 28;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY = /^ufk1_([A-Za-z0-9_-]{43})$/;

/**
 * Fingerprints as `userref-core dsr fingerprints` wrote them: a line of JSON, then nonce, sealed records and tag.
 * @throws Problem when the key does not fit, the file was altered, or its time is over
 */
export function readFingerprints(
  file: { path: string; keyPath: string },
  { now }: { now: number },
): { key: ScanKey; fingerprints: Fingerprint[] } {
  const key = readKey(file.keyPath);
  const bytes = readFileSync(file.path);
  const lineEnd = bytes.indexOf(0x0a);
  const headerBytes = bytes.subarray(0, lineEnd);
  const header = readHeader(headerBytes.toString('utf8'));
  const records = unseal(bytes.subarray(lineEnd + 1), { key, headerBytes });
  if (Date.parse(header.expires_at) <= now * 1000) {
    throw new Problem({
      what: `The fingerprints were good until ${header.expires_at}.`,
      why: 'They are made for one scan: whoever keeps them and their key could try out names and addresses.',
      fix: 'Have new ones made (userref-core dsr fingerprints), and remove these.',
    });
  }
  return { key, fingerprints: toFingerprints(records, header) };
}

function readKey(path: string): ScanKey {
  const [, text] = KEY.exec(readFileSync(path, 'utf8').trim()) ?? [];
  if (text !== undefined) return new ScanKey(Buffer.from(text, 'base64url'));
  throw new Problem({
    what: `${path} holds no key of fingerprints.`,
    fix: 'Give the file that `userref-core dsr fingerprints --key-out` wrote; it begins with ufk1_.',
  });
}

function readHeader(text: string): Header {
  let header: Partial<Header> | undefined;
  try {
    header = JSON.parse(text) as Partial<Header>;
  } catch {
    header = undefined;
  }
  if (header?.userref_fingerprints === 1 && Array.isArray(header.kinds)) return header as Header;
  throw new Problem({
    what: 'This is no file of fingerprints that this version can read.',
    fix: 'Make one with `userref-core dsr fingerprints`, of the same version as this command.',
  });
}

function unseal(sealed: Buffer, { key, headerBytes }: { key: ScanKey; headerBytes: Buffer }): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(-TAG_BYTES);
  try {
    const cipher = createDecipheriv('aes-256-gcm', key.sealing, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(headerBytes).setAuthTag(tag);
    return Buffer.concat([cipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()]);
  } catch (cause) {
    throw new Problem({
      what: 'The fingerprints cannot be opened.',
      why: 'The key is not theirs, or the file was altered on its way.',
      fix: 'Use the two files of one run of `userref-core dsr fingerprints`.',
      cause,
    });
  }
}

/** A record: kind, flags, bits, length, shingle (4), whole (4), mac (16). */
function toFingerprints(records: Buffer, { kinds, count }: Header): Fingerprint[] {
  if (records.length !== count * RECORD_BYTES) throw new TypeError('the fingerprints are not whole');
  return Array.from({ length: count }, (_, index) => {
    const record = records.subarray(index * RECORD_BYTES, (index + 1) * RECORD_BYTES);
    return {
      kind: kinds[record[0] as number] ?? 'unknown',
      isDigits: record[1] === 1,
      bits: record.readUInt8(2),
      length: record.readUInt8(3),
      shingle: record.readUInt32BE(4),
      whole: record.readUInt32BE(8),
      mac: record.toString('hex', 12, RECORD_BYTES),
    };
  });
}
