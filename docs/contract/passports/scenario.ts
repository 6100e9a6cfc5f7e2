import keys from './vector-keys.json' with { type: 'json' };

/** One case of the shared vectors: what differs from a good passport, and the reason it is refused for. */
export interface Scenario {
  /** Also the file name. */
  readonly name: string;
  /** Absent for a passport that must be accepted. */
  readonly reason?: `passport_${string}`;
  /** Members that replace those of the good header; `undefined` removes one. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The exact JSON text instead of header or claims. */
  readonly headerText?: string;
  readonly payloadText?: string;
  /** The exact bytes of the payload, where they are no text. */
  readonly payloadBytes?: readonly number[];
  readonly signWith?: KeyName | { readonly hmacSecret: string } | 'nothing';
  /** The last step: what happens to the finished compact form. */
  readonly edit?: (jwt: string) => string;
  /** The published key set. Default: two ES256 keys, an RS256 and an EdDSA key. */
  readonly keySet?: unknown;
  readonly expected?: Partial<Expected>;
}

export interface Expected {
  readonly now: number;
  readonly nonce: string;
  readonly max_age_seconds: number;
  readonly access_token: string;
  readonly status: {
    readonly lists: readonly string[];
    readonly max_age_seconds?: number;
    readonly allow_stale?: boolean;
  };
}

export type KeyName = keyof typeof keys;

export const NOW = 1_767_225_600;
export const ISSUER = 'https://id.example.eu';
export const SITE = 'shop-a';
export const USER_REF = 'ppid_abcdefghijklmnopqrstuvwx23';
export const TOLERANCE_SECONDS = 15;

export const goodHeader = { alg: 'ES256', typ: 'JWT', kid: 'es256' };
export const goodClaims = {
  iss: ISSUER,
  aud: SITE,
  sub: USER_REF,
  user_ref: USER_REF,
  passport: { v: 1, consents: ['profile:name'], assurance_level: 'high' },
  tenant: 'acme',
  site: SITE,
  sid: 'lHbS9qpF3kQm2xTz',
  auth_time: NOW - 60,
  nonce: 'kQm2xTzlHbS9qpF3',
  iat: NOW - 5,
  exp: NOW + 3595,
};

/** The public half of a test key, as the issuer publishes it. */
export function publicJwk(
  name: KeyName,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { kty, crv, x, y, n, e } = keys[name] as Record<string, string>;
  const members = { kty, crv, x, y, n, e, kid: name, use: 'sig', ...more };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

export function privateJwk(name: KeyName): Record<string, string> {
  return keys[name] as Record<string, string>;
}

export const goodKeySet = {
  keys: [
    publicJwk('es256', { alg: 'ES256' }),
    publicJwk('es256Next'),
    publicJwk('rs256', { alg: 'RS256' }),
    publicJwk('eddsa', { alg: 'EdDSA' }),
  ],
};
