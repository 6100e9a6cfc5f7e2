import { describe, expect, it } from 'vitest';
import { derive } from '../../../src/cell/attributes/derived-attributes.ts';

const over18 = { from: 'profile:birthdate', rule: 'age_at_least', years: 18 } as const;

describe('a derived attribute', () => {
  it.each([
    ['2000-06-15', '2018-06-14T23:59:59Z', false],
    ['2000-06-15', '2018-06-15T00:00:00Z', true],
    ['2004-02-29', '2022-02-28T12:00:00Z', false],
    ['2004-02-29', '2022-03-01T00:00:00Z', true],
    ['1900-01-01', '2026-01-01T00:00:00Z', true],
    ['2030-01-01', '2026-01-01T00:00:00Z', false],
  ])('for a birth on %s says at %s: over 18 is %s', (birthdate, now, expected) => {
    expect(derive(over18, birthdate, new Date(now))).toBe(expected);
  });

  it('is null when what it comes from is not stored', () => {
    expect(derive(over18, undefined, new Date())).toBeNull();
  });

  it('tells the country of an address and nothing else of it', () => {
    const value = { street_address: 'Sample Street 1', locality: 'Tartu', country: 'EE' };
    expect(derive({ from: 'address:shipping', rule: 'country' }, value, new Date())).toBe('EE');
  });
});
