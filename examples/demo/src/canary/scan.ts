import { foldAscii, type Needle } from './needles.ts';

export interface Scan {
  /** The needles that were found, each once. */
  readonly found: ReadonlySet<Needle>;
  readonly bytes: number;
}

/**
 * Looks for all needles in a stream, whatever way it is cut into pieces. Memory: one piece plus the longest
 * needle.
 */
export async function scanStream(
  stream: AsyncIterable<Uint8Array>,
  needles: readonly Needle[],
): Promise<Scan> {
  const found = new Set<Needle>();
  const overlap = Math.max(0, ...needles.map((needle) => needle.bytes.length - 1));
  let rest: Buffer = Buffer.alloc(0);
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    const window = Buffer.concat([rest, piece]);
    const folded = foldAscii(window);
    for (const needle of needles) {
      if (!found.has(needle) && (needle.foldCase ? folded : window).includes(needle.bytes)) found.add(needle);
    }
    rest = window.subarray(Math.max(0, window.length - overlap));
  }
  return { found, bytes };
}
