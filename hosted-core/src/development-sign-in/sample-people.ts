/** What the development sign-in knows about a made-up person: the standard claims of OpenID Connect Core §5.1. */
export interface SamplePerson {
  /** Names the person's button: `<button name="login" value="amber">`. */
  readonly login: string;
  /** Stable between starts, so that a person keeps their account while the database lives. */
  readonly sub: string;
  readonly name: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly email: string;
  /** E.164. */
  readonly phone_number: string;
  /** `YYYY-MM-DD`. */
  readonly birthdate: string;
  /** BCP 47. */
  readonly locale: string;
  readonly address: {
    /** Lines are parted by a line feed. */
    readonly street_address: string;
    readonly locality: string;
    readonly region?: string;
    readonly postal_code: string;
    /** ISO 3166-1 alpha-2, as our address form has it. */
    readonly country: string;
  };
}

/**
 * People that do not exist, at addresses that do not exist: `example.test` is reserved (RFC 2606), and the
 * phone numbers come from ranges set apart for fiction. Their values are odd enough to search logs and
 * databases for.
 */
export const SAMPLE_PEOPLE: readonly SamplePerson[] = [
  {
    login: 'amber',
    sub: 'dev-7q2m4k9xw3ta',
    name: 'Sample Person Amber',
    given_name: 'Sample Amber',
    family_name: 'Personamber',
    email: 'sample.amber@example.test',
    phone_number: '+442079460171',
    birthdate: '1991-04-17',
    locale: 'en',
    address: {
      street_address: '17 Invented Honey Lane',
      locality: 'Nowhere-on-Sea',
      region: 'Fictionshire',
      postal_code: 'ZZ99 3VZ',
      country: 'GB',
    },
  },
  {
    login: 'birch',
    sub: 'dev-p8c5n1r6hy4d',
    name: 'Sample Person Birch',
    given_name: 'Sample Birch',
    family_name: 'Personbirch',
    email: 'sample.birch@example.test',
    phone_number: '+12025550143',
    birthdate: '1978-11-02',
    locale: 'ru',
    address: {
      street_address: '4401 Imaginary Birch Road',
      locality: 'Madeupville',
      region: 'ZZ',
      postal_code: '00042',
      country: 'US',
    },
  },
];
