import { closeSync, createReadStream, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Scan } from '../finding.ts';
import { scanStream } from './scan-stream.ts';

const CHUNK = 1 << 20;
const GZIP = [0x1f, 0x8b];

/** What only looks empty: packed or encoded so that a search in its bytes would find nothing. */
const CLOSED: readonly { magic: readonly number[]; why: string }[] = [
  {
    magic: [0x50, 0x47, 0x44, 0x4d, 0x50],
    why: 'it is in pg_dump’s own format. Unpack it: pg_restore --file=- FILE | userref scan -',
  },
  { magic: [0x50, 0x4b, 0x03, 0x04], why: 'it is a ZIP archive. Unpack it first' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], why: 'it is packed by zstd. Unpack it: zstdcat FILE | userref scan -' },
  {
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    why: 'it is packed by xz. Unpack it: xzcat FILE | userref scan -',
  },
  { magic: [0x42, 0x5a, 0x68], why: 'it is packed by bzip2. Unpack it: bzcat FILE | userref scan -' },
];

interface FileToScan {
  readonly path: string;
  readonly size: number;
}

/** The files of a path, in a fixed order. Links are not followed: what they lead to is scanned where it lies. */
export function filesUnder(path: string): FileToScan[] {
  const stat = lstatSync(path);
  if (stat.isFile()) return [{ path, size: stat.size }];
  if (!stat.isDirectory()) return [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/** Searches a file, unpacking gzip, and its name. */
export async function scanFile(path: string, { scan, root }: { scan: Scan; root: string }): Promise<void> {
  const source = shownPath(path, { scan, root });
  try {
    const start = firstBytes(path);
    const begins = (magic: readonly number[]) => magic.every((byte, index) => start[index] === byte);
    const closed = CLOSED.find(({ magic }) => begins(magic));
    if (closed) return scan.unread(source, closed.why);
    await scanStream(begins(GZIP) ? unpacked(path) : read(path), { scan, place: { source } });
  } catch (error) {
    scan.unread(source, (error as Error).message);
  }
}

function read(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: CHUNK });
}

function unpacked(path: string): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const file = createReadStream(path, { highWaterMark: CHUNK });
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(8);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** A path may be made of personal data too: then it is told without the part that is. */
function shownPath(path: string, { scan, root }: { scan: Scan; root: string }): string {
  const parts = (relative(root, path) || path).split(sep);
  const shown: string[] = [];
  for (const [index, part] of parts.entries()) {
    const [sighting] = scan.search(Buffer.from(part, 'utf8'));
    shown.push(sighting ? `[name ${index + 1}]` : part);
    if (sighting)
      scan.found({ source: shown.join(sep), kind: sighting.kind, forms: [...sighting.forms, 'file-name'] });
  }
  return shown.join(sep);
}
