/** Claims of OpenID Connect Core §5.1 as an upstream sends them: anything may be absent, null or odd. */
export type UpstreamClaims = Readonly<Record<string, unknown>>;

export interface ImportedAttribute {
  readonly attribute: string;
  readonly value: unknown;
}

/** From which claim each attribute is taken, and how. Attributes not listed are never imported. */
const MAPPING: readonly { attribute: string; from: (claims: UpstreamClaims) => unknown }[] = [
  { attribute: 'profile:name', from: ({ name }) => text(name) },
  { attribute: 'profile:given_name', from: ({ given_name }) => text(given_name) },
  { attribute: 'profile:family_name', from: ({ family_name }) => text(family_name) },
  { attribute: 'profile:birthdate', from: ({ birthdate }) => text(birthdate) },
  { attribute: 'profile:locale', from: ({ locale }) => text(locale)?.replaceAll('_', '-') },
  { attribute: 'contact:email', from: ({ email }) => text(email) },
  { attribute: 'contact:phone', from: ({ phone_number }) => phone(phone_number) },
  { attribute: 'address:shipping', from: ({ address }) => postalAddress(address) },
];

/**
 * What a first sign-in brings into the vault. Claims that do not fit their attribute are left out: an odd
 * profile at the upstream must not keep its owner from signing in.
 * @param accepts whether the catalogue takes this value for this attribute
 * @param known names of all attributes; those without a mapping come from `custom_data`, under their own name
 */
export function importProfile(
  claims: UpstreamClaims,
  accepts: (attribute: string, value: unknown) => boolean,
  known: readonly string[] = [],
): ImportedAttribute[] {
  const mapped = MAPPING.map(({ attribute, from }) => ({ attribute, value: from(claims) }));
  const custom = known
    .filter((name) => MAPPING.every(({ attribute }) => attribute !== name))
    .map((attribute) => ({ attribute, value: ownMember(claims.custom_data, attribute) }));
  return [...mapped, ...custom].filter(
    ({ attribute, value }) => value !== undefined && accepts(attribute, value),
  );
}

function ownMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as UpstreamClaims)[name];
}

function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.normalize('NFC').trim() || undefined;
}

/** E.164; Logto leaves the plus out. */
function phone(value: unknown): string | undefined {
  const digits = text(value)?.replace(/[\s().-]/g, '');
  return digits && /^\d/.test(digits) ? `+${digits}` : digits;
}

function postalAddress(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const claim = value as UpstreamClaims;
  const parts = {
    street_address: text(claim.street_address)?.replaceAll('\r\n', '\n'),
    locality: text(claim.locality),
    region: text(claim.region),
    postal_code: text(claim.postal_code),
    country: text(claim.country)?.toUpperCase(),
  };
  const known = Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined);
  return Object.fromEntries(known);
}
