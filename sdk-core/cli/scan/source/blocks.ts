/** A piece of a stream, with enough of what is around it that nothing is cut in two. */
export interface Block {
  readonly bytes: Uint8Array;
  /** Offset in the stream of the first byte. */
  readonly base: number;
  /** What ends in `from` (inclusive) to `to` (exclusive), offsets in the stream, belongs to this block alone. */
  readonly from: number;
  readonly to: number;
}

const BLOCK_BYTES = 1 << 20;
/** The longest value, escaped three times over, is well below this. */
const MARGIN_BYTES = 16 << 10;

/** Cuts a stream into blocks that overlap; holds one block, however long the stream is. */
export async function* toBlocks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { blockBytes = BLOCK_BYTES, marginBytes = MARGIN_BYTES } = {},
): AsyncGenerator<Block> {
  let held: Uint8Array[] = [];
  let size = 0;
  let [base, from] = [0, 0];
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + blockBytes + 2 * marginBytes - size);
      held.push(part);
      size += part.length;
      at += part.length;
      if (size < blockBytes + 2 * marginBytes) continue;
      const bytes = Buffer.concat(held, size);
      const to = base + size - marginBytes;
      yield { bytes, base, from, to };
      from = to;
      held = [bytes.subarray(size - 2 * marginBytes)];
      base += size - 2 * marginBytes;
      size = 2 * marginBytes;
    }
  }
  if (base + size > from || from === 0)
    yield { bytes: Buffer.concat(held, size), base, from, to: base + size };
}
