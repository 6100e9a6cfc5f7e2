import { describe, expect, it } from 'vitest';
import { inert, initialOf } from '../../../src/cell/pages/inert-text.ts';
import { attributeLabel, maskValue, showValue } from '../../../src/cell/pages/masking.ts';
import { translatorFor } from '../../../src/cell/pages/messages/translator.ts';
import { maskedName, ownDataRows, previewOf } from '../../../src/cell/pages/own-data.ts';

const t = translatorFor('en');
const address = {
  street_address: '17 Invented Honey Lane\nFlat 2',
  locality: 'Nowhere-on-Sea',
  postal_code: 'ZZ99 3VZ',
  country: 'GB',
};
const own = [
  { attribute: 'address:shipping', value: address, source: 'upstream' },
  { attribute: 'contact:email', value: 'sample.amber@example.test', source: 'upstream' },
  { attribute: 'profile:birthdate', value: '2010-11-23', source: 'upstream' },
  { attribute: 'profile:name', value: 'Sample Person Amber', source: 'upstream' },
];

describe('A masked value', () => {
  it.each<[string, unknown, string]>([
    ['profile:name', 'Sample Person Amber', 'S••• P••• A•••'],
    ['profile:given_name', '👩‍🚀strid', '👩•••'],
    ['profile:birthdate', '1991-04-17', '1991-••-••'],
    ['contact:email', 'sample.amber@example.test', 's•••@example.test'],
    ['contact:email', '"a@b"@example.test', '"•••@example.test'],
    ['contact:email', '@nonsense', '•••'],
    ['contact:phone', '+442079460171', '••• ••• 71'],
    ['address:shipping', address, '•••, Nowhere-on-Sea, GB'],
    ['profile:locale', 'ru', 'Russian'],
    ['age:over_18', true, 'Yes'],
    ['someone:elses', 'whatever', '•••'],
  ])('of %s gives little away', (attribute, value, expected) => {
    expect(maskValue(attribute, value, t)).toBe(expected);
  });
});

describe('A shown value', () => {
  it('is written the way people write it', () => {
    expect(showValue('address:shipping', address, t)).toBe(
      '17 Invented Honey Lane\nFlat 2\nZZ99 3VZ, Nowhere-on-Sea\nUnited Kingdom',
    );
    expect(showValue('profile:birthdate', '1991-04-17', translatorFor('ru'))).toBe('17 апреля 1991 г.');
    expect(showValue('profile:locale', 'not a tag', t)).toBe('not a tag');
  });

  it('comes in the order of the catalogue, with its label', () => {
    expect(ownDataRows(own, translatorFor('ru')).map(({ label }) => label)).toEqual([
      'Полное имя',
      'Дата рождения',
      'Адрес электронной почты',
      'Адрес доставки',
    ]);
    expect(attributeLabel('shop:loyalty', 'en')).toBe('shop:loyalty');
  });
});

describe('The preview of an attribute', () => {
  const now = new Date('2026-11-22T12:00:00Z');

  it('of a derived attribute is its answer, and never the value behind it', () => {
    expect(previewOf('age:over_16', own, { t, now })).toBe('No');
    expect(previewOf('age:over_16', own, { t, now: new Date('2026-11-23T00:00:00Z') })).toBe('Yes');
    expect(previewOf('address:country', own, { t, now })).toBe('United Kingdom');
  });

  it('is missing when there is nothing to share', () => {
    expect(previewOf('contact:phone', own, { t, now })).toBeUndefined();
  });

  it('calls people by their masked name, else their masked address, else nothing in particular', () => {
    expect(maskedName(own, t)).toBe('S••• P••• A•••');
    expect(maskedName(own.slice(0, 2), t)).toBe('s•••@example.test');
    expect(maskedName([], t)).toBe('you');
  });
});

describe('A name from somebody else', () => {
  it.each([
    ['a direction override', 'Shop\u202egnp.exe', 'Shopgnp.exe'],
    ['isolates and marks', '\u2066\u200fShop\u2069\u061c', 'Shop'],
    ['zero-width signs', 'S\u200bh\u2060o\ufeffp', 'Shop'],
    ['line breaks and other controls', 'Sh\r\nop\u0000\u0085\u2028', 'Shop'],
  ])('loses %s', (_what, name, expected) => {
    expect(inert(name)).toBe(expected);
  });

  it('keeps letters of every language', () => {
    expect(inert(' Кофейня «Ромашка» — قهوة ')).toBe('Кофейня «Ромашка» — قهوة');
    expect([initialOf('ßhop'), initialOf('\u202eäpfel'), initialOf('')]).toEqual(['SS', 'Ä', '?']);
  });
});
