const MOST_HIGH = 2;

/**
 * Where bytes read like text: well-formed UTF-8 without control characters, single letters of Latin-1, or
 * two, in ASCII words, zero bytes (UTF-16). What was decoded from the wrong place, or is an image, does not for long.
 * @returns offsets, two for each stretch of at least `fewest` bytes: its first byte and the one behind it
 */
export function textyStretches(bytes: Uint8Array, length: number, fewest: number): number[] {
  const stretches: number[] = [];
  let start = 0;
  for (let at = 0; at < length; ) {
    const size = textSize(bytes, at, length);
    if (size > 0) {
      at += size;
      continue;
    }
    if (at - start >= fewest) stretches.push(start, at);
    at += 1;
    start = at;
  }
  if (length - start >= fewest) stretches.push(start, length);
  return stretches;
}

/** Bytes of the character here; 0 when there is none. */
function textSize(bytes: Uint8Array, at: number, length: number): number {
  const byte = bytes[at] as number;
  if (byte < 0x80) return byte >= 0x20 || byte === 0 || (byte >= 0x09 && byte <= 0x0d) ? 1 : 0;
  const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  if (byte >= 0xc2 && byte <= 0xf4 && at + size <= length) {
    let isWhole = true;
    for (let index = 1; index < size; index += 1) {
      if (((bytes[at + index] as number) & 0xc0) !== 0x80) isWhole = false;
    }
    if (isWhole) return size;
  }
  return byte >= 0xc0 && isInWord(bytes, at) ? 1 : 0;
}

/** Whether one or two letters of Latin-1 here have an ASCII letter beside them. */
function isInWord(bytes: Uint8Array, at: number): boolean {
  const [first, last] = [isHigh(bytes[at - 1]) ? at - 1 : at, isHigh(bytes[at + 1]) ? at + 1 : at];
  return last - first < MOST_HIGH && (isLetter(bytes[first - 1]) || isLetter(bytes[last + 1]));
}

function isHigh(byte: number | undefined): boolean {
  return (byte ?? 0) >= 0xc0;
}

function isLetter(byte: number | undefined): boolean {
  const lower = (byte ?? 0) | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
