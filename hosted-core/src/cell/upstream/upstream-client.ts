import * as openid from 'openid-client';
import { UserrefError } from '../../errors/userref-error.ts';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import type { UpstreamClaims } from './profile-mapping.ts';

export interface UpstreamClientOptions {
  /** OpenID issuer, such as Logto's `https://logto.example.eu/oidc`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the upstream sends the browser back to after a sign-in. */
  readonly redirectUri: string;
  /** Where it sends the browser after a sign-out. */
  readonly postLogoutRedirectUri: string;
  /** Made by `createOutboundFetch` with the policy `any`: the operator chose this issuer. */
  readonly fetch: OutboundFetch;
}

export interface SignInRequest {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Ask for credentials even if the upstream still knows the person. */
  readonly force?: true;
  readonly uiLocales: readonly string[];
}

export interface UpstreamIdentity {
  readonly sub: string;
  readonly amr: readonly string[];
  readonly acr: string | undefined;
  /** Unix seconds; absent when the upstream does not tell. */
  readonly authTime: number | undefined;
  /** Fetches the person's profile. */
  readonly profile: () => Promise<UpstreamClaims>;
}

export type UpstreamAnswer = { readonly identity: UpstreamIdentity } | { readonly cancelled: string };

const SCOPE = 'openid profile email phone address';
const DISCOVERY_ATTEMPTS = 3;
const DISCOVERY_PAUSE_MS = 150;
/** A forced sign-in that is older than this was not made for us. */
const FORCED_MAX_AGE_SECONDS = 600;

/**
 * One first-party client at the sign-in service of this region. Its configuration is discovered at the
 * first use and kept. Every failure is `upstream_unavailable` and carries nothing of what was exchanged.
 */
export class UpstreamClient {
  readonly #options: UpstreamClientOptions;
  #discovered: Promise<openid.Configuration> | undefined;

  constructor(options: UpstreamClientOptions) {
    this.#options = options;
  }

  /** Origins that a form of ours may lead to on its way through the upstream. */
  get formTarget(): string {
    return new URL(this.#options.issuer).origin;
  }

  /** @throws UserrefError `upstream_unavailable` */
  async signInUrl(request: SignInRequest): Promise<URL> {
    const configuration = await this.#configuration();
    return openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#options.redirectUri,
      scope: SCOPE,
      state: request.state,
      nonce: request.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(request.codeVerifier),
      code_challenge_method: 'S256',
      ...(request.force && { prompt: 'login', max_age: String(FORCED_MAX_AGE_SECONDS) }),
      ...(request.uiLocales.length > 0 && { ui_locales: request.uiLocales.join(' ') }),
    });
  }

  /**
   * Redeems the code of a callback: `state`, `iss` (RFC 9207), nonce, PKCE and the ID token's signature.
   * @throws UserrefError `upstream_unavailable`
   */
  async finish(callback: URL, request: Omit<SignInRequest, 'uiLocales'>): Promise<UpstreamAnswer> {
    const cancelled = callback.searchParams.get('error');
    const configuration = await this.#configuration();
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, callback, {
        expectedState: request.state,
        expectedNonce: request.nonce,
        pkceCodeVerifier: request.codeVerifier,
        idTokenExpected: true,
        ...(request.force && { maxAge: FORCED_MAX_AGE_SECONDS }),
      });
      return { identity: identityOf(configuration, tokens) };
    } catch (error) {
      if (error instanceof openid.AuthorizationResponseError && cancelled) return { cancelled: error.error };
      throw unavailable(error);
    }
  }

  /** Where a sign-out goes on to; `undefined` when the upstream has no such address. */
  async signOutUrl(): Promise<URL | undefined> {
    const configuration = await this.#configuration();
    if (!configuration.serverMetadata().end_session_endpoint) return undefined;
    return openid.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: this.#options.postLogoutRedirectUri,
    });
  }

  /** For readiness checks. @throws UserrefError `upstream_unavailable` */
  async ping(): Promise<void> {
    await this.#configuration();
  }

  #configuration(): Promise<openid.Configuration> {
    this.#discovered ??= this.#discover().catch((error: unknown) => {
      this.#discovered = undefined; // the next request tries again
      throw unavailable(error);
    });
    return this.#discovered;
  }

  async #discover(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options;
    const execute = [openid.enableNonRepudiationChecks];
    // Whether an operator's issuer may be plain http is decided where settings are checked.
    if (issuer.startsWith('http:')) execute.push(openid.allowInsecureRequests);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await openid.discovery(
          new URL(issuer),
          clientId,
          undefined,
          openid.ClientSecretBasic(clientSecret),
          { execute, [openid.customFetch]: this.#options.fetch as openid.CustomFetch, timeout: 10 },
        );
      } catch (error) {
        if (attempt === DISCOVERY_ATTEMPTS) throw error;
        await new Promise((done) => setTimeout(done, attempt * DISCOVERY_PAUSE_MS));
      }
    }
  }
}

type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

function identityOf(configuration: openid.Configuration, tokens: Tokens): UpstreamIdentity {
  const claims = tokens.claims();
  if (!claims) throw new UserrefError('upstream_unavailable', { logDetail: 'no ID token' });
  const { sub, amr, acr, auth_time: authTime } = claims;
  return {
    sub,
    amr: Array.isArray(amr) ? amr.filter((method) => typeof method === 'string') : [],
    acr: typeof acr === 'string' ? acr : undefined,
    authTime: typeof authTime === 'number' ? authTime : undefined,
    profile: () =>
      openid.fetchUserInfo(configuration, tokens.access_token, sub).catch((error: unknown) => {
        throw unavailable(error);
      }),
  };
}

/** The library's errors quote what was received, so only their kind goes on. */
function unavailable(error: unknown): UserrefError {
  if (error instanceof UserrefError) return error;
  const { code, name } = error as { code?: unknown; name?: unknown };
  const kind = typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
  return new UserrefError('upstream_unavailable', { logDetail: `upstream: ${kind}`, retryAfterSeconds: 5 });
}
