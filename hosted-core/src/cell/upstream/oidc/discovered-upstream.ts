import * as openid from 'openid-client';
import { findOutboundError, type OutboundFetch } from '../../../outbound/outbound-fetch.ts';
import { clientFailure } from './client-failure.ts';
import { secretAuthentication } from './secret-authentication.ts';
import { UpstreamTokens } from './upstream-tokens.ts';

export interface DiscoveryOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch: OutboundFetch;
}

export interface DiscoveredUpstream {
  readonly configuration: openid.Configuration;
  readonly tokens: UpstreamTokens;
}

const ATTEMPTS = 3;
const PAUSE_MS = 150;
const KEEP_MS = 3_600_000;

/**
 * Reads the issuer's metadata at the first use and once an hour afterwards. While it cannot be read anew, what
 * was read last stays in use.
 */
export class UpstreamDiscovery {
  readonly #options: DiscoveryOptions;
  #found: { readonly upstream: Promise<DiscoveredUpstream>; readonly at: number } | undefined;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /** @throws UserrefError `upstream_unavailable` */
  get(): Promise<DiscoveredUpstream> {
    const now = Date.now();
    if (this.#found && now - this.#found.at < KEEP_MS) return this.#found.upstream;
    const before = this.#found;
    const upstream = this.#discover().catch((error: unknown) => {
      // The next request tries again.
      this.#found = before;
      if (before) return before.upstream;
      throw clientFailure(error);
    });
    this.#found = { upstream, at: now };
    return upstream;
  }

  async #discover(): Promise<DiscoveredUpstream> {
    const { issuer, clientId, fetch } = this.#options;
    const configuration = await this.#readMetadata();
    const { jwks_uri: jwksUri, id_token_signing_alg_values_supported: algorithms = [] } =
      configuration.serverMetadata();
    if (!jwksUri) throw new TypeError('metadata without jwks_uri');
    return {
      configuration,
      tokens: new UpstreamTokens({ issuer, clientId, jwksUri, algorithms, fetch }),
    };
  }

  async #readMetadata(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret, fetch } = this.#options;
    // Whether an operator's issuer may be plain http is decided where settings are checked.
    const execute = issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [];
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await openid.discovery(
          new URL(issuer),
          clientId,
          { [openid.clockTolerance]: 30 },
          secretAuthentication(clientSecret),
          { execute, [openid.customFetch]: fetch as openid.CustomFetch, timeout: 10 },
        );
      } catch (error) {
        // Whoever was slow once is not asked again while a person waits.
        if (attempt === ATTEMPTS || findOutboundError(error)?.reason === 'timeout') throw error;
        await new Promise((done) => setTimeout(done, attempt * PAUSE_MS));
      }
    }
  }
}
