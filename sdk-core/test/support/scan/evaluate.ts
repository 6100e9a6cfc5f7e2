import { Matcher } from '../../../cli/scan/match/matcher.ts';
import { fingerprintCanaries } from '../../../cli/scan/needles/canaries.ts';
import { ScanKey } from '../../../cli/scan/needles/fingerprint.ts';
import { searchBlock } from '../../../cli/scan/search-block.ts';
import { scanStream } from '../../../cli/scan/source/scan-stream.ts';
import { corpus, type Planted } from './corpus.ts';
import { Random } from './random.ts';
import { madeUpValue } from './values.ts';

export interface Evaluation {
  readonly seed: number;
  readonly bytes: number;
  readonly planted: number;
  readonly found: number;
  /** Planted and not found, by how they were written. */
  readonly missed: Readonly<Record<string, number>>;
  /** Found where nothing was planted, each as line and kind. */
  readonly false: readonly string[];
}

/** Plants values in a random corpus and looks for them. */
export async function evaluate(options: {
  seed: number;
  lines: number;
  values: number;
  plantedShare: number;
  strictness?: 'canaries' | 'fingerprints';
}): Promise<Evaluation> {
  const { seed, lines, plantedShare, strictness = 'canaries' } = options;
  const random = new Random(seed);
  const values = Array.from({ length: options.values }, (_, index) => ({
    kind: `canary ${index + 1}`,
    value: madeUpValue(random),
  }));
  const key = new ScanKey(random.bytes(32));
  const { fingerprints, tooShort } = fingerprintCanaries(key, values);
  if (tooShort.length > 0) throw new TypeError('a made-up value is too short');
  const matcher = new Matcher({ key, fingerprints, strictness });
  const fewestBytes = Math.min(...fingerprints.map(({ length }) => length));

  const planted: Planted[] = [];
  const found = new Set<string>();
  let bytes = 0;
  await scanStream(corpus({ random, values, lines, plantedShare }, planted), {
    place: { source: 'corpus' },
    scan: {
      search: (block) => searchBlock(block, { matcher, fewestBytes }),
      found: ({ line, kind }) => void found.add(`${line} ${kind}`),
      unread: () => {},
      advance: (size) => {
        bytes += size;
      },
    },
  });
  const missed: Record<string, number> = {};
  const expected = new Set(planted.map(({ line, kind }) => `${line} ${kind}`));
  for (const { line, kind, encoding } of planted) {
    if (!found.has(`${line} ${kind}`)) missed[encoding] = (missed[encoding] ?? 0) + 1;
  }
  const lost = Object.values(missed).reduce((sum, one) => sum + one, 0);
  return {
    ...{ seed, bytes, planted: planted.length, found: planted.length - lost, missed },
    false: [...found].filter((one) => !expected.has(one)),
  };
}
