import { describe, expect, it } from 'vitest';
import { importProfile } from '../../../src/cell/upstream/profile-mapping.ts';
import { AttributeCatalogue } from '../../../src/cell/vault/attribute-catalogue.ts';
import { SAMPLE_PEOPLE } from '../../../src/development-sign-in/sample-people.ts';

const catalogue = new AttributeCatalogue();

function imported(claims: Record<string, unknown>): Record<string, unknown> {
  const accepts = (attribute: string, value: unknown) => {
    try {
      return catalogue.encode(attribute, value).length > 0;
    } catch {
      return false;
    }
  };
  return Object.fromEntries(
    importProfile(claims, { accepts }).values.map(({ attribute, value }) => [attribute, value]),
  );
}

describe('The profile of a first sign-in', () => {
  it.each(SAMPLE_PEOPLE)(
    'is taken over whole from the sample person $login',
    ({ login: _login, sub: _sub, ...claims }) => {
      expect(Object.keys(imported(claims))).toEqual([
        'profile:name',
        'profile:given_name',
        'profile:family_name',
        'profile:birthdate',
        'profile:locale',
        'contact:email',
        'contact:phone',
        'address:shipping',
      ]);
    },
  );

  it('takes phone numbers as Logto writes them', () => {
    expect(imported({ phone_number: '442079460171' })).toEqual({ 'contact:phone': '+442079460171' });
    expect(imported({ phone_number: '+1 (202) 555-0143' })).toEqual({ 'contact:phone': '+12025550143' });
  });

  it('leaves out what is absent, empty or odd, and keeps the rest', () => {
    expect(
      imported({
        name: null,
        given_name: '  ',
        family_name: ['x'],
        birthdate: '1991-13-99x',
        locale: 'en_GB',
        email: 'not an address',
        phone_number: 'call me',
        address: { formatted: 'somewhere', country: 'Atlantis' },
        picture: 'https://example.test/a.png',
        custom_data: { secret: true },
      }),
    ).toEqual({ 'profile:locale': 'en-GB' });
  });

  it('survives claims that are no object at all', () => {
    expect(imported({ address: 'text', name: 7, phone_number: {}, email: true })).toEqual({});
  });
});
