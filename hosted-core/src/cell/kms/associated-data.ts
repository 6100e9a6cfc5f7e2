const MAX_PART_BYTES = 0xffff;

/**
 * Joins the parts that a ciphertext is bound to: each as its length in four bytes, big-endian, then its
 * UTF-8 bytes. No two different lists give the same bytes, which a separator could not promise.
 *
 * Throws `TypeError` for an empty part, a lone surrogate (it has no UTF-8 form of its own) and for numbers
 * that are no safe, positive integers.
 */
export function encodeAssociatedData(parts: readonly (string | number)[]): Buffer {
  const texts = parts.map(toText);
  const total = texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0);
  const bytes = Buffer.allocUnsafe(total);
  let offset = 0;
  for (const text of texts) {
    const length = bytes.write(text, offset + 4);
    bytes.writeUInt32BE(length, offset);
    offset += 4 + length;
  }
  return bytes;
}

function toText(part: string | number, index: number): string {
  if (typeof part === 'number') {
    if (!Number.isSafeInteger(part) || part < 1) throw invalid(index);
    return String(part);
  }
  if (typeof part !== 'string' || part === '' || !part.isWellFormed()) throw invalid(index);
  if (Buffer.byteLength(part) > MAX_PART_BYTES) throw invalid(index);
  return part;
}

function invalid(index: number): TypeError {
  return new TypeError(`associated data: part ${index} is empty, malformed or too long`);
}
