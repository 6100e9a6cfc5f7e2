import { randomBytes, randomInt } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** Positions in a list; 16 KB of bits, a few of them compressed. */
export const LIST_SIZE = 131_072;
/** Positions that no passport gets: their bits hide how many passports there are and how many were revoked. */
export const DECOYS = 16_384;
/** How long a verifier may go on using a list, in seconds. */
export const LIST_TTL_SECONDS = 300;
/** When a list can no longer be used at all, in seconds after it was signed. */
export const LIST_LIFE_SECONDS = 86_400;
/** A revocation is in the list that is fetched this much later, in milliseconds: changes are published in batches. */
export const BATCH_MS = 1_000;

/** Bit `index` of the list: the lowest bit of the first byte is position 0 (Token Status List §4.1). */
export function setBit(bits: Buffer, index: number): void {
  bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7));
}

export function hasBit(bits: Buffer, index: number): boolean {
  return ((bits[index >> 3] as number) & (1 << (index & 7))) !== 0;
}

/** The value of `lst`: DEFLATE in the ZLIB format, base64url. */
export function encodeList(bits: Buffer): string {
  return deflateSync(bits, { level: 9 }).toString('base64url');
}

/** A new list: which positions are decoys, and about half of those set. */
export function newList(): { decoys: Buffer; bits: Buffer } {
  const decoys = Buffer.alloc(LIST_SIZE / 8);
  const bits = Buffer.alloc(LIST_SIZE / 8);
  for (let made = 0; made < DECOYS; ) {
    const index = randomInt(LIST_SIZE);
    if (hasBit(decoys, index)) continue;
    setBit(decoys, index);
    made += 1;
    if (randomInt(2) === 1) setBit(bits, index);
  }
  return { decoys, bits };
}

/** Sets a random number of decoys, at most `most`, so that a change in a list says nothing about people. */
export function stirDecoys(list: { decoys: Buffer; bits: Buffer }, most = 16): void {
  for (let left = randomInt(most + 1), tries = 0; left > 0 && tries < 1_000; tries += 1) {
    const index = randomInt(list.decoys.length * 8);
    if (!hasBit(list.decoys, index) || hasBit(list.bits, index)) continue;
    setBit(list.bits, index);
    left -= 1;
  }
}

/** Random positions to try, unpredictable to whoever holds a passport. */
export function candidates(count = 24): number[] {
  const bytes = randomBytes(count * 4);
  return Array.from({ length: count }, (_, index) => bytes.readUInt32BE(index * 4) % LIST_SIZE);
}
