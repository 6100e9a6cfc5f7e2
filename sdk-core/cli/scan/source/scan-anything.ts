import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Scan } from '../finding.ts';
import { charsetOf, isSingleByte, toUtf8 } from './charset.ts';
import { whyClosed } from './closed-formats.ts';
import { scanStream } from './scan-stream.ts';
import { reasonOf, shownPath } from './shown-name.ts';
import { isTar, tarMembers } from './tar.ts';

const CHUNK = 1 << 20;
const PEEKED = 64 << 10;
const UNPACKERS: readonly { magic: string; unpack: () => Transform }[] = [
  { magic: '\x1f\x8b', unpack: () => createGunzip({ chunkSize: CHUNK }) },
  { magic: '\x28\xb5\x2f\xfd', unpack: () => createZstdDecompress({ chunkSize: CHUNK }) },
];
/** Share of zero bytes from which on a file is no text. */
const FEW_ZEROS = 0.01;
/** As a gzipped dump in a gzipped tar. */
const DEEPEST = 6;

interface Options {
  readonly scan: Scan;
  readonly source: string;
  readonly depth?: number;
}

/**
 * Searches whatever comes: text in any charset that it names, bytes, what gzip or zstd packed, each member of a tar
 * archive. What it cannot look into, it tells.
 */
export async function scanAnything(
  chunks: AsyncIterable<Uint8Array>,
  { scan, source, depth = 0 }: Options,
): Promise<void> {
  const { start, all } = await peek(chunks);
  const why = depth > DEEPEST ? 'it is packed too many times over' : whyClosed(start, source);
  if (why !== undefined) return scan.unread(source, why);
  const inside = { scan, source, depth: depth + 1 };
  const head = start.toString('latin1', 0, 8);
  const unpacker = UNPACKERS.find(({ magic }) => head.startsWith(magic));
  if (unpacker) return scanAnything(unpacked(all, unpacker.unpack()), inside);
  if (isTar(start)) return scanTar(all, inside);
  const charset = charsetOf(start);
  if (charset !== undefined && !isSingleByte(charset)) {
    return scanStream(toUtf8(all, charset), { scan, place: { source } });
  }
  const isPacked = charset === undefined && zerosIn(start) > start.length * FEW_ZEROS;
  await scanStream(all, { scan, place: { source }, isPacked, charset });
}

async function scanTar(chunks: AsyncIterable<Uint8Array>, { scan, source, depth }: Required<Options>) {
  const told = new Set<string>();
  for await (const { name, bytes } of tarMembers(chunks)) {
    const member = shownPath(name, { scan, told, inside: `${source}!` });
    try {
      await scanAnything(bytes, { scan, source: member, depth });
    } catch (error) {
      scan.signal?.throwIfAborted();
      scan.unread(member, reasonOf(error));
    }
  }
}

function unpacked(chunks: AsyncIterable<Uint8Array>, unpacker: Transform): AsyncIterable<Uint8Array> {
  // What goes wrong comes out where it is read.
  pipeline(Readable.from(chunks), unpacker, () => {});
  return unpacker;
}

/** The beginning of a stream, and all of it. */
async function peek(chunks: AsyncIterable<Uint8Array>) {
  const rest = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let size = 0; size < PEEKED; ) {
    const next = await rest.next();
    if (next.done) break;
    first.push(next.value);
    size += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { start: Buffer.concat(first).subarray(0, PEEKED), all: all() };
}

function zerosIn(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (byte === 0 ? sum + 1 : sum), 0);
}
