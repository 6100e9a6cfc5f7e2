import type { SamplePerson } from '../../src/development-sign-in/development-sign-in.ts';

/** People that do not exist; each load has several, because one person's row would be a lock of its own. */
export function samplePeople(count: number): SamplePerson[] {
  return Array.from({ length: count }, (_, index) => ({
    login: `person-${index}`,
    sub: `person-sub-${index}`,
    name: `Sample Person ${index}`,
    given_name: 'Sample',
    family_name: `Person${index}`,
    email: `sample.${index}@example.test`,
    phone_number: `+4420794601${String(index).padStart(2, '0')}`,
    birthdate: '1991-04-17',
    locale: 'en',
    address: {
      street_address: `${index + 1} Invented Honey Lane`,
      locality: 'Nowhere-on-Sea',
      postal_code: 'ZZ99 3VZ',
      country: 'GB',
    },
  }));
}
