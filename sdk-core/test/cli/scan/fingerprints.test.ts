import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Folder } from '../../../cli/scan/match/folded-block.ts';
import { fingerprint, ScanKey } from '../../../cli/scan/needles/fingerprint.ts';
import { fold } from '../../../cli/scan/needles/fold.ts';

interface Case {
  attribute: string;
  value: unknown;
  folded: string[];
  fingerprints: ({ length: number; shingle: number; whole: number; mac: string } | null)[];
}

const file = new URL('../../../../docs/contract/vectors/fingerprints/fingerprints.json', import.meta.url);
const { key, cases } = JSON.parse(readFileSync(file, 'utf8')) as { key: string; cases: Case[] };
const scanKey = new ScanKey(Buffer.from(key, 'hex'));

describe('the scanner makes of a folded form', () => {
  it.each(cases.map((one, index) => [`${index + 1}, ${one.attribute}`, one] as const))(
    'the fingerprint of case %s',
    (_name, { attribute: kind, folded, fingerprints }) => {
      const made = folded.map((form) => fingerprint(scanKey, { kind, folded: form }));
      expect(
        made.map((one) =>
          one
            ? {
                ...{ length: one.length, shingle: one.shingle, whole: one.whole },
                ...{ mac: one.mac, is_digits: one.isDigits, bits: one.bits },
              }
            : null,
        ),
      ).toEqual(fingerprints);
    },
  );
});

describe('folding', () => {
  const folder = new Folder();
  const foldBytes = (bytes: Buffer) => {
    const { units, length } = folder.fold(bytes);
    return String.fromCharCode(...units.subarray(0, length));
  };

  it.each(cases.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])))(
    'gives the same for a text and for its bytes: %#',
    (value) => expect(foldBytes(Buffer.from(value))).toBe(fold(value)),
  );

  it('makes one of composed and decomposed letters, and of Latin-1', () => {
    expect(foldBytes(Buffer.from('Zoë'.normalize('NFD')))).toBe('zoe');
    expect(foldBytes(Buffer.from('Zoë', 'latin1'))).toBe('zoe');
  });

  it('keeps its place though a letter becomes eighteen', () => {
    const text = `${'\ufdfa'.repeat(50)}end`;
    expect(foldBytes(Buffer.from(text))).toBe(fold(text));
  });
});
