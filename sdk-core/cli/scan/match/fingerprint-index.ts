import { type Fingerprint, shingleLength } from '../needles/fingerprint.ts';

/** Bits a fingerprint in the filter; a filter this empty lets one unit in 64 through at most. */
const BITS_EACH = 64;
const SMALLEST_FILTER = 1 << 20;

/** The fingerprints whose first units have one length, to be asked for at every unit of the text. */
export interface ShingleIndex {
  readonly shingleLength: number;
  /** Whether anything may begin with this hash. */
  mayHave(shingle: number): boolean;
  get(shingle: number): readonly Fingerprint[] | undefined;
}

export function indexFingerprints(fingerprints: readonly Fingerprint[]): ShingleIndex[] {
  const lengths = [...new Set(fingerprints.map(({ length }) => shingleLength(length)))];
  return lengths.map((length) => {
    const own = fingerprints.filter((one) => shingleLength(one.length) === length);
    return indexOf(own, length);
  });
}

function indexOf(fingerprints: readonly Fingerprint[], shingleLength: number): ShingleIndex {
  let bits = SMALLEST_FILTER;
  while (bits < fingerprints.length * BITS_EACH) bits *= 2;
  const filter = new Uint8Array(bits >> 3);
  const byShingle = new Map<number, Fingerprint[]>();
  const mask = bits - 1;
  for (const one of fingerprints) {
    const place = spread(one.shingle) & mask;
    filter[place >> 3] = (filter[place >> 3] as number) | (1 << (place & 7));
    const same = byShingle.get(one.shingle);
    if (same) same.push(one);
    else byShingle.set(one.shingle, [one]);
  }
  return {
    shingleLength,
    mayHave(shingle) {
      const place = spread(shingle) & mask;
      return ((filter[place >> 3] as number) & (1 << (place & 7))) !== 0;
    },
    get: (shingle) => byShingle.get(shingle),
  };
}

/** The low bits of a polynomial follow from few bits of the text, so all bits are mixed. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
