import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type IdentifierField,
  NORMALISATION_VERSION,
  normaliseIdentifier,
} from '../../../src/cell/vault/normalise-identifier.ts';

interface Vectors {
  readonly field: IdentifierField;
  readonly normalisation_version: number;
  readonly cases: readonly { scenario: string; input: string; normalised: string | null }[];
}

const folder = new URL('../../../../docs/contract/vectors/normalisation/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vectors);

describe('the golden vectors of normalisation', () => {
  it('are there for both fields', () => {
    expect(files.map((file) => [file.field, file.normalisation_version])).toEqual([
      ['email', NORMALISATION_VERSION],
      ['phone', NORMALISATION_VERSION],
    ]);
    expect(files.flatMap((file) => file.cases).length).toBeGreaterThan(80);
  });

  for (const { field, cases } of files) {
    it.each(cases.map((one) => [one.scenario, one] as const))(`${field}: %s`, (_scenario, one) => {
      expect(normaliseIdentifier(field, one.input) ?? null).toBe(one.normalised);
    });
  }
});

describe('a normalised identifier', () => {
  const fields = ['email', 'phone'] as const;

  it('is its own normal form', () => {
    for (const { field, cases } of files) {
      for (const { normalised } of cases)
        if (normalised) expect(normaliseIdentifier(field, normalised)).toBe(normalised);
    }
    const anything = fc.tuple(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(anything, ([local, domain]) => {
        const once = normaliseIdentifier('email', `${local}@${domain}.example`);
        if (once !== undefined) expect(normaliseIdentifier('email', once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...fields), (text, field) => {
        normaliseIdentifier(field, text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('merges local parts by case and composition alone: nobody takes over another address by a look-alike', () => {
    const seen = new Map<string, string>();
    for (let code = 0x21; code < 0x1_0000; code += 1) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const letter = String.fromCodePoint(code);
      const normalised = normaliseIdentifier('email', `a${letter}b@example.com`);
      if (normalised === undefined) continue;
      const before = seen.get(normalised);
      if (before !== undefined) expect([before.toLowerCase(), before.toUpperCase()]).toContain(letter);
      else seen.set(normalised, letter);
    }
    expect(seen.size).toBeGreaterThan(10_000);
  });

  it('takes no longer than a moment for a long hostile input', () => {
    // Regular expressions that backtrack would not end here.
    for (const hostile of [
      `${'a.'.repeat(50_000)}@`,
      `a@${'b.'.repeat(50_000)}`,
      `a@${'-'.repeat(100_000)}`,
      ' '.repeat(100_000),
      `+${'1'.repeat(100_000)}`,
    ]) {
      for (const field of fields) expect(normaliseIdentifier(field, hostile)).toBeUndefined();
    }
  });
});
