import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../../src/cell/pages/messages/translator.ts';
import { AttributeCatalogue } from '../../../src/cell/vault/attribute-catalogue.ts';
import { ATTRIBUTE_CATALOGUE, ATTRIBUTE_CLASSES } from '../../../src/contract/generated.ts';
import { thrownBy } from './support.ts';

const catalogue = new AttributeCatalogue();
const address = { street_address: 'Sample Street 1\nDoor 2', locality: 'Tartu', country: 'EE' };

describe('the attribute catalogue', () => {
  it.each<[string, unknown]>([
    ['profile:name', 'Sample Person Amber'],
    ['profile:birthdate', '1990-02-28'],
    ['profile:locale', 'zh-Hant-TW'],
    ['profile:citizenship', 'EE'],
    ['contact:email', 'sample-amber@example.com'],
    ['contact:email', 'пример@пример.example'],
    ['contact:phone', '+3725555555'],
    ['address:shipping', address],
    ['address:billing', { ...address, recipient: 'Sample Person Birch', postal_code: '50090' }],
  ])('takes a proper value of %s', (name, value) => {
    expect(JSON.parse(catalogue.encode(name, value).toString())).toEqual(value);
  });

  it.each<[string, unknown]>([
    ['profile:name', ''],
    ['profile:name', 7],
    ['profile:name', null],
    ['profile:name', 'x'.repeat(201)],
    ['profile:name', 'canary-value\u0000'],
    ['profile:name', 'canary-value\ud800'],
    ['profile:birthdate', '1990-02-30'],
    ['profile:birthdate', '28.02.1990'],
    ['profile:citizenship', 'ee'],
    ['contact:email', 'canary-value'],
    ['contact:email', `${'canary-value'.repeat(30)}@example.com`],
    ['contact:phone', '5555555'],
    ['address:shipping', 'canary-value'],
    ['address:shipping', { locality: 'canary-value', country: 'EE' }],
    ['address:shipping', { ...address, note: 'canary-value' }],
    [
      'address:shipping',
      JSON.parse('{"street_address":"canary-value","locality":"x","country":"EE","__proto__":{"a":1}}'),
    ],
    ['address:shipping', { ...address, region: 'canary-value\ud800' }],
    ['age:over_18', true],
  ])('refuses a wrong value of %s (case %#) without repeating it', (name, value) => {
    const error = thrownBy(() => catalogue.encode(name, value));
    expect(error).toMatchObject({ code: 'invalid_request' });
    expect(JSON.stringify(error) + String(error)).not.toContain('canary-value');
  });

  it.each(['profile:shoe_size', '', '__proto__', 'constructor', 'PROFILE:NAME'])(
    'does not know «%s»',
    (name) => {
      expect(thrownBy(() => catalogue.find(name))).toMatchObject({ code: 'unknown_attribute' });
    },
  );

  it('gives each attribute a class, and a label in every language of the pages', () => {
    for (const one of ATTRIBUTE_CATALOGUE) {
      expect(ATTRIBUTE_CLASSES).toContain(one.class);
      expect(Object.keys(one.labels).sort()).toEqual(Object.keys(LOCALES).sort());
    }
  });
});
