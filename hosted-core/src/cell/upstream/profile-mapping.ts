import { type ClaimMapping, mappedClaim } from './claim-mapping.ts';

/**
 * Claims of OpenID Connect Core §5.1 as an upstream sends them: anything may be absent, null or odd. Null says that
 * there is no value; absent says nothing.
 */
export type UpstreamClaims = Readonly<Record<string, unknown>>;

export interface ImportedAttribute {
  readonly attribute: string;
  readonly value: unknown;
}

type Reader = (claim: unknown) => unknown;

/** From which claim each attribute is taken, and how. Attributes not listed are never imported. */
const MAPPING: readonly { attribute: string; claim: string; read: Reader }[] = [
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

export interface ImportedProfile {
  /** What the vault would take. */
  readonly values: readonly ImportedAttribute[];
  /** Attributes of which the upstream says that there is no value. */
  readonly none: readonly string[];
}

/**
 * What an upstream's profile means for the vault. Claims that do not fit their attribute are left out: an odd profile
 * must not keep its owner from signing in, and does not say that the value is gone either.
 */
export function importProfile(claims: UpstreamClaims, options: ImportOptions): ImportedProfile {
  const found = sourcesOf(claims, options);
  const values = found.map(({ attribute, claim, read }) => ({ attribute, value: read(claim) }));
  return {
    values: values.filter(({ attribute, value }) => value !== undefined && options.accepts(attribute, value)),
    none: found.filter(({ claim }) => isNothing(claim)).map(({ attribute }) => attribute),
  };
}

function sourcesOf(
  claims: UpstreamClaims,
  { known = [], mapping = new Map() }: ImportOptions,
): { attribute: string; claim: unknown; read: Reader }[] {
  const usual = MAPPING.filter(({ attribute }) => !mapping.has(attribute)).map(
    ({ attribute, claim, read }) => ({ attribute, claim: claims[claim], read }),
  );
  const mapped = [...mapping].map(([attribute, path]) => ({
    attribute,
    claim: mappedClaim(claims, path),
    read: MAPPING.find((one) => one.attribute === attribute)?.read ?? asItIs,
  }));
  const custom = known
    .filter((name) => !mapping.has(name) && MAPPING.every(({ attribute }) => attribute !== name))
    .map((attribute) => ({ attribute, claim: customClaim(claims.custom_data, attribute), read: asItIs }));
  return [...usual, ...mapped, ...custom];
}

/** Custom data come as a whole: what is not in them is not there. */
function customClaim(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null) return undefined;
  return Object.hasOwn(data, name) ? (data as UpstreamClaims)[name] : null;
}

function isNothing(claim: unknown): boolean {
  if (typeof claim === 'string') return claim.trim() === '';
  return claim === null || (typeof claim === 'object' && Object.keys(claim).length === 0);
}

function asItIs(value: unknown): unknown {
  return value ?? undefined;
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
