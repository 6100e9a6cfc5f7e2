import {
  allowInsecureRequests,
  ClientSecretBasic,
  Configuration,
  clockTolerance,
  customFetch,
  discovery,
  type ServerMetadata,
} from 'openid-client';
import { UserrefError } from '../errors/userref-error.ts';
import type { ResolvedOptions } from '../options/options.ts';
import { acceptableAddress } from '../options/web-address.ts';
import type { Transport } from '../transport/transport.ts';
import { transportFailure, withoutPayload } from './openid-errors.ts';

/** What the discovery document of the core says (OpenID Connect Discovery §3, RFC 9728 §4). */
export interface CoreConnection {
  readonly metadata: ServerMetadata;
  /** Address of the cell: the resource indicator (RFC 8707) and the base of attribute requests. */
  readonly cell: string;
  readonly jwksUri: string;
  /** A client for one exchange, whose requests go through `transport`. */
  client(transport: Transport): Configuration;
}

export interface CoreConnector {
  /** Discovers once, however many ask at the same time; asks again after a failure. Code `discovery_failed`. */
  connect(): Promise<CoreConnection>;
}

/**
 * openid-client reads the system clock and its findings have no reason code of ours, so times are left
 * to the passport verifier, which always runs and uses the configured clock.
 */
const TIMES_ARE_CHECKED_BY_THE_VERIFIER = 315_360_000;

const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
const OPTIONAL_ENDPOINTS = ['pushed_authorization_request_endpoint', 'end_session_endpoint'] as const;

export function createCoreConnector(options: ResolvedOptions, transport: Transport): CoreConnector {
  let attempt: Promise<CoreConnection> | undefined;
  return {
    connect() {
      attempt ??= discover(options, transport).catch((error: unknown) => {
        attempt = undefined;
        throw error;
      });
      return attempt;
    },
  };
}

async function discover(options: ResolvedOptions, transport: Transport): Promise<CoreConnection> {
  const metadata = await fetchMetadata(options, transport);
  if (metadata.issuer !== options.issuer) {
    throw refused(`issuer is ${options.issuer}, but the document says ${metadata.issuer}.`);
  }
  for (const name of ENDPOINTS) {
    if (acceptableAddress(metadata[name]) === null) throw refused(`${name} is missing or not https.`);
  }
  for (const name of OPTIONAL_ENDPOINTS) {
    const unusable = metadata[name] !== undefined && acceptableAddress(metadata[name]) === null;
    if (unusable) throw refused(`${name} is not https.`);
  }
  return Object.freeze({
    metadata,
    cell: cellOf(metadata),
    jwksUri: metadata.jwks_uri as string,
    client: (exchange: Transport) => createClient(options, metadata, exchange),
  });
}

async function fetchMetadata(options: ResolvedOptions, transport: Transport): Promise<ServerMetadata> {
  try {
    const found = await discovery(new URL(options.issuer), options.site, undefined, undefined, {
      [customFetch]: (url, init) => transport(url, init as RequestInit),
      execute: options.issuer.startsWith('http:') ? [allowInsecureRequests] : [],
    });
    return found.serverMetadata();
  } catch (cause) {
    const failure = transportFailure(cause);
    const why = failure ? 'No answer came.' : 'The answer is not a discovery document of this issuer.';
    throw new UserrefError('discovery_failed', { detail: why, cause: failure ?? withoutPayload(cause) });
  }
}

function cellOf(metadata: ServerMetadata): string {
  const resources = metadata.protected_resources;
  const [cell] = Array.isArray(resources) ? resources : [];
  if (acceptableAddress(cell) === null) throw refused('protected_resources names no cell (RFC 9728 §4).');
  return cell as string;
}

function createClient(
  options: ResolvedOptions,
  metadata: ServerMetadata,
  transport: Transport,
): Configuration {
  const credentials = ClientSecretBasic(options.siteSecret);
  const client = { [clockTolerance]: TIMES_ARE_CHECKED_BY_THE_VERIFIER };
  const configuration = new Configuration(metadata, options.site, client, credentials);
  configuration[customFetch] = (url, init) => transport(url, init as RequestInit);
  if (options.issuer.startsWith('http:')) allowInsecureRequests(configuration);
  return configuration;
}

function refused(detail: string): UserrefError {
  return new UserrefError('discovery_failed', { detail, isTransient: false });
}
