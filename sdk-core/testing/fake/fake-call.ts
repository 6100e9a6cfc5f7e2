import type { TestSigner } from '../test-keys.ts';

export const ENDPOINTS = [
  'discovery',
  'jwks',
  'par',
  'authorize',
  'token',
  'logout',
  'events',
  'ack',
  'status',
  'attributes',
  'seal',
  'unseal',
] as const;
export type EndpointName = (typeof ENDPOINTS)[number];

/** A request that came to the fake core. */
export interface FakeCall {
  readonly endpoint: EndpointName;
  readonly request: Request;
  /** The form of a POST; empty otherwise. */
  readonly body: URLSearchParams;
}

/** What a test may bend to see a site refuse it. */
export interface Bends {
  /** Answers instead of an endpoint. */
  replies: Partial<Record<EndpointName, () => Response>>;
  /** Merged over the discovery document; `undefined` removes a member. */
  discovery?: Record<string, unknown>;
  /** Merged over the claims of the next passports; `undefined` removes one. */
  claims?: Record<string, unknown>;
  /** Merged over the header of the next passports. */
  header?: Record<string, unknown>;
  /** Who signs the next passports. */
  signWith?: TestSigner;
  /** Merged over the token response. */
  tokens?: Record<string, unknown>;
}
