import { describe, expect, it } from 'vitest';
import { Matcher } from '../../../cli/scan/match/matcher.ts';
import { fingerprintCanaries } from '../../../cli/scan/needles/canaries.ts';
import { ScanKey } from '../../../cli/scan/needles/fingerprint.ts';
import { searchBlock } from '../../../cli/scan/search-block.ts';
import { toBlocks } from '../../../cli/scan/source/blocks.ts';
import { ENCODINGS, lineBytes } from '../../support/scan/encodings.ts';
import { evaluate } from '../../support/scan/evaluate.ts';
import { Random } from '../../support/scan/random.ts';
import { madeUpValue } from '../../support/scan/values.ts';

describe('the scanner, over random corpora', () => {
  it.each([11, 12, 13])(
    'finds at least 99 % of what was planted and nothing else, seed %i',
    async (seed) => {
      const result = await evaluate({ seed, lines: 8_000, values: 60, plantedShare: 0.1 });
      expect(result.planted).toBeGreaterThan(500);
      expect(result.found / result.planted).toBeGreaterThanOrEqual(0.99);
      expect(result.false).toEqual([]);
    },
    120_000,
  );

  it('does so with thousands of fingerprints, where it is stricter', async () => {
    const options = { seed: 21, lines: 8_000, values: 3_000, plantedShare: 0.1 };
    const result = await evaluate({ ...options, strictness: 'fingerprints' });
    expect(result.found / result.planted).toBeGreaterThanOrEqual(0.99);
    expect(result.false).toEqual([]);
  });

  it('finds nothing where nothing was planted', async () => {
    const result = await evaluate({ seed: 31, lines: 15_000, values: 2_000, plantedShare: 0 });
    expect(result).toMatchObject({ planted: 0, false: [] });
  });
});

describe('each way of writing a value is seen', () => {
  it.each(Object.keys(ENCODINGS))('%s', (encoding) => {
    const random = new Random(encoding.length * 7919);
    for (let round = 0; round < 40; round += 1) {
      const value = madeUpValue(random);
      const key = new ScanKey(random.bytes(32));
      const { fingerprints } = fingerprintCanaries(key, [{ kind: 'it', value }]);
      const matcher = new Matcher({ key, fingerprints, strictness: 'canaries' });
      const fewestBytes = Math.min(...fingerprints.map(({ length }) => length));
      const written = ENCODINGS[encoding]?.(value, random) ?? '';
      expect([value, searchBlock(lineBytes(written), { matcher, fewestBytes }).length]).toEqual([value, 1]);
    }
  });
});

describe('the end of a block', () => {
  const value = 'someone.odd77@nowhere.example';
  const key = new ScanKey(Buffer.alloc(32, 7));
  const { fingerprints } = fingerprintCanaries(key, [{ kind: 'it', value }]);
  const matcher = new Matcher({ key, fingerprints, strictness: 'canaries' });

  it.each(['plain', 'URL-encoded', 'base64', 'hex'])('cuts nothing in two: %s', async (encoding) => {
    const written = ENCODINGS[encoding]?.(value, new Random(1)) ?? '';
    for (let before = 900; before < 1200; before += 7) {
      const bytes = Buffer.from(`${'x '.repeat(before)}${written}${' y'.repeat(1500)}`);
      const ends: number[] = [];
      const cut = { blockBytes: 512, marginBytes: 256 };
      for await (const { bytes: block, base, from, to } of toBlocks([bytes], cut)) {
        for (const { last } of searchBlock(block, { matcher, fewestBytes: 10 })) {
          if (base + last >= from && base + last < to) ends.push(base + last);
        }
      }
      expect([before, ends.length]).toEqual([before, 1]);
    }
  });
});

describe('a value', () => {
  const value = 'Zorquim Veltraxen';
  const key = new ScanKey(Buffer.alloc(32, 9));
  const { fingerprints } = fingerprintCanaries(key, [{ kind: 'it', value }]);
  const matcher = new Matcher({ key, fingerprints, strictness: 'canaries' });
  const search = (text: string) => searchBlock(Buffer.from(text), { matcher, fewestBytes: 10 });

  it('is not put together from letters that lie far apart', () => {
    expect(search(`Zorquim ${'-'.repeat(300)} Veltraxen`)).toEqual([]);
  });

  it('is not put together from two pieces of base64 that stand apart', () => {
    const pieces = ['odd text, Zorquim', 'Veltraxen, odd text'].map((text) =>
      Buffer.from(text).toString('base64'),
    );
    expect(search(`${pieces[0]} and then ${pieces[1]}`)).toEqual([]);
  });

  it('is told where it stands, behind rows of bytes in hexadecimal', () => {
    const rows = Array.from(
      { length: 400 },
      (_, row) => `\\x${'53'.repeat(20)}${row.toString(16).padStart(4, '0')}`,
    );
    const written = `${rows.join('\n')}\n\\x${Buffer.from(value).toString('hex')}\n`;
    expect(search(written)).toEqual([
      { kind: 'it', start: written.lastIndexOf('\\x') + 2, last: written.length - 3, forms: ['hex'] },
    ]);
  });

  it.each([
    ['with a letter before it', `a${value} here`],
    ['with a letter behind it', `the ${value}a here`],
    ['with a digit behind it', `the ${value}2`],
  ])('is another one %s', (_what, text) => expect(search(text)).toEqual([]));

  it.each([
    ['in a packed row, beside other columns', `\u0003\u0017\u0001order${value}total`],
    ['in base64 behind one letter', Buffer.from(`a${value}b`).toString('base64')],
    ['in base64 behind two letters', Buffer.from(`ab${value}cd`).toString('base64')],
    ['in hexadecimal among letters', Buffer.from(`ab${value}cd`).toString('hex')],
    [
      'in base64 with lines as in mail',
      Buffer.from(`${'x '.repeat(25)}${value}${' y'.repeat(40)}`)
        .toString('base64')
        .replaceAll(/.{76}/g, '$&\r\n'),
    ],
    ['in UTF-16', Buffer.from(` ${value} `, 'utf16le').toString('latin1')],
    ['behind an escaped line end', `"a\\n${value}\\t"`],
  ])('is seen %s', (_what, text) => expect(search(text)).toHaveLength(1));

  it('of a script that puts words side by side is seen among others', () => {
    const name = '\u5c71\u7530\u592a\u90ce\u5c71\u7530';
    const made = fingerprintCanaries(key, [{ kind: 'it', value: name }]);
    const own = new Matcher({ key, fingerprints: made.fingerprints, strictness: 'canaries' });
    const text = Buffer.from(`\u3053\u3093${name}\u3055\u3093`);
    expect(searchBlock(text, { matcher: own, fewestBytes: 6 })).toHaveLength(1);
  });

  it('that is a number is not part of a longer one', () => {
    const made = fingerprintCanaries(key, [{ kind: 'it', value: '+442079460171' }]);
    const own = new Matcher({ key, fingerprints: made.fingerprints, strictness: 'canaries' });
    const find = (text: string) => searchBlock(Buffer.from(text), { matcher: own, fewestBytes: 10 }).length;
    expect(['9442079460171', '4420794601715', '442079460171', 'tel:+442079460171x'].map(find)).toEqual([
      0, 0, 1, 1,
    ]);
  });
});
