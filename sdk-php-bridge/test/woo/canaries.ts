import { randomBytes } from 'node:crypto';

/** A person with values that occur nowhere else, so that a search for them proves something. */
export interface Canaries {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly email: string;
  readonly phone: string;
  /** What they write into free text. */
  readonly note: string;
  /** Their browser and the address that they come from. */
  readonly headers: Readonly<Record<string, string>>;
  /** All of it. */
  readonly all: readonly string[];
}

/** `postcode` is one that a shop in Estonia takes. */
export function newCanaries(): Canaries {
  const word = () => `Zq${randomBytes(5).toString('hex')}`;
  const [first, last, street, city, note, agent] = Array.from({ length: 6 }, word) as [string, ...string[]];
  // Below the ports that PHP's own server writes into its log.
  const postcode = String(10_000 + (randomBytes(2).readUInt16BE() % 20_000));
  const address = `2001:db8:${randomBytes(6)
    .toString('hex')
    .replace(/(.{4})(?=.)/g, '$1:')}::7`;
  const email = `${word().toLowerCase()}@sample.example`;
  const phone = `+3725${String(randomBytes(4).readUInt32BE()).padStart(10, '7').slice(0, 7)}`;
  return {
    name: `${first} ${last}`,
    street: `${street} 12`,
    city: city as string,
    postcode,
    email,
    phone,
    note: note as string,
    headers: { 'user-agent': `Browser/${agent}`, 'x-forwarded-for': address },
    all: [
      first,
      last as string,
      street as string,
      city as string,
      postcode,
      email,
      phone,
      note as string,
    ].concat([agent as string, address]),
  };
}

/** As the person's cell gives them. */
export function sharedValues(person: Canaries): Record<string, unknown> {
  const address = {
    street_address: person.street,
    locality: person.city,
    postal_code: person.postcode,
    country: 'EE',
  };
  return {
    'address:country': 'EE',
    'address:shipping': address,
    'address:billing': address,
    'profile:name': person.name,
    'contact:email': person.email,
    'contact:phone': person.phone,
  };
}

/** As WooCommerce's own fields have them, for pages that post what they should not. */
export function formFields(person: Canaries, prefix: 'billing' | 'shipping'): Record<string, string> {
  const [first = '', last = ''] = person.name.split(' ');
  const fields = {
    first_name: first,
    last_name: last,
    address_1: person.street,
    city: person.city,
    postcode: person.postcode,
    country: 'EE',
    phone: person.phone,
    ...(prefix === 'billing' && { email: person.email }),
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}_${name}`, value]));
}

/** As the Checkout block sends them. */
export function blockAddress(person: Canaries, prefix: 'billing' | 'shipping'): Record<string, string> {
  const entries = Object.entries(formFields(person, prefix));
  const address = Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length + 1), value]));
  return { company: '', address_2: '', state: '', ...address };
}
