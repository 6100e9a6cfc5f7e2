/**
 * A keyed polynomial over code units, modulo 2^32: the hash of any stretch of a text follows from the sums up to
 * its ends. It only sorts out what cannot be a match; HMAC-SHA-256 decides.
 */
export class Polynomial {
  readonly #base: number;
  /** `powers[n]` = base^n. */
  readonly #powers: Int32Array;

  /** @param base odd, from the key of the scan; `longest` units are the most that are hashed at once */
  constructor(base: number, longest: number) {
    this.#base = base | 0;
    this.#powers = new Int32Array(longest + 1);
    this.#powers[0] = 1;
    for (let index = 1; index <= longest; index += 1) {
      this.#powers[index] = Math.imul(this.#powers[index - 1] as number, this.#base);
    }
  }

  /** `sums[n]` is the hash of the first `n` units. */
  fillSums(units: Uint16Array, length: number, sums: Int32Array): void {
    const base = this.#base;
    let sum = 0;
    sums[0] = 0;
    for (let index = 0; index < length; index += 1) {
      sum = (Math.imul(sum, base) + (units[index] as number) + 1) | 0;
      sums[index + 1] = sum;
    }
  }

  power(length: number): number {
    return this.#powers[length] as number;
  }

  /** The hash of `length` units from `start`. */
  hashAt(sums: Int32Array, start: number, length: number): number {
    return (
      ((sums[start + length] as number) -
        Math.imul(sums[start] as number, this.#powers[length] as number)) >>>
      0
    );
  }

  hashOf(text: string): number {
    let sum = 0;
    for (let index = 0; index < text.length; index += 1) {
      sum = (Math.imul(sum, this.#base) + text.charCodeAt(index) + 1) | 0;
    }
    return sum >>> 0;
  }
}
