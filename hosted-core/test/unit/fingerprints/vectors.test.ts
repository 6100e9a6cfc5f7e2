import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FingerprintKey } from '../../../src/cell/fingerprints/fingerprint-key.ts';
import { searchedForms } from '../../../src/cell/fingerprints/searched-forms.ts';

interface Case {
  attribute: string;
  value: unknown;
  folded: string[];
  fingerprints: (Record<string, unknown> | null)[];
}

const file = new URL('../../../../docs/contract/vectors/fingerprints/fingerprints.json', import.meta.url);
const { key, cases } = JSON.parse(readFileSync(file, 'utf8')) as { key: string; cases: Case[] };

describe('the cell makes of a value', () => {
  const scanKey = new FingerprintKey(Buffer.from(key, 'hex'));

  it.each(cases.map((one, index) => [`${index + 1}, ${one.attribute}`, one] as const))(
    'the forms and fingerprints of case %s',
    (_name, { attribute, value, folded, fingerprints }) => {
      const forms = searchedForms(attribute, value);
      expect(forms).toEqual(folded);
      const made = forms.map((form) => scanKey.fingerprint(attribute, form));
      expect(
        made.map((one) =>
          one
            ? {
                ...{ length: one.length, shingle: one.shingle, whole: one.whole },
                ...{ mac: one.mac.toString('hex'), is_digits: one.isDigits, bits: one.bits },
              }
            : null,
        ),
      ).toEqual(fingerprints);
    },
  );

  it('nothing where many people share it', () => {
    for (const name of ['profile:birthdate', 'profile:given_name', 'profile:citizenship']) {
      expect(searchedForms(name, 'Anything that is long enough')).toEqual([]);
    }
  });
});
