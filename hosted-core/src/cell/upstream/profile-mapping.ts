import { type ClaimMapping, mappedClaim } from './claim-mapping.ts';

/** Claims of OpenID Connect Core §5.1 as an upstream sends them: anything may be absent, null or odd. */
export type UpstreamClaims = Readonly<Record<string, unknown>>;

export interface ImportedAttribute {
  readonly attribute: string;
  readonly value: unknown;
}

/** From which claim each attribute is taken, and how. Attributes not listed are never imported. */
const MAPPING: readonly { attribute: string; claim: string; read: (claim: unknown) => unknown }[] = [
  { attribute: 'profile:name', claim: 'name', read: text },
  { attribute: 'profile:given_name', claim: 'given_name', read: text },
  { attribute: 'profile:family_name', claim: 'family_name', read: text },
  { attribute: 'profile:birthdate', claim: 'birthdate', read: text },
  { attribute: 'profile:locale', claim: 'locale', read: (claim) => text(claim)?.replaceAll('_', '-') },
  { attribute: 'contact:email', claim: 'email', read: text },
  { attribute: 'contact:phone', claim: 'phone_number', read: phone },
  { attribute: 'address:shipping', claim: 'address', read: postalAddress },
];

export interface ImportOptions {
  /** Whether the catalogue takes this value for this attribute. */
  readonly accepts: (attribute: string, value: unknown) => boolean;
  /** Names of all attributes; those without a mapping come from `custom_data`, under their own name. */
  readonly known?: readonly string[];
  /** Claims of this upstream that stand elsewhere than usual. */
  readonly mapping?: ClaimMapping;
}

/**
 * What a sign-in brings into the vault. Claims that do not fit their attribute are left out: an odd profile at
 * the upstream must not keep its owner from signing in.
 */
export function importProfile(
  claims: UpstreamClaims,
  { accepts, known = [], mapping = new Map() }: ImportOptions,
): ImportedAttribute[] {
  const usual = MAPPING.filter(({ attribute }) => !mapping.has(attribute)).map(
    ({ attribute, claim, read }) => ({
      attribute,
      value: read(claims[claim]),
    }),
  );
  const mapped = [...mapping].map(([attribute, path]) => ({
    attribute,
    value: (MAPPING.find((one) => one.attribute === attribute)?.read ?? identity)(mappedClaim(claims, path)),
  }));
  const custom = known
    .filter((name) => !mapping.has(name) && MAPPING.every(({ attribute }) => attribute !== name))
    .map((attribute) => ({ attribute, value: ownMember(claims.custom_data, attribute) }));
  return [...usual, ...mapped, ...custom].filter(
    ({ attribute, value }) => value !== undefined && accepts(attribute, value),
  );
}

function identity(value: unknown): unknown {
  return value ?? undefined;
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
