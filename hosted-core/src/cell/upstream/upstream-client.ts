import * as openid from 'openid-client';
import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';
import type { ClaimMapping } from './claim-mapping.ts';
import { clientFailure } from './oidc/client-failure.ts';
import { type DiscoveredUpstream, UpstreamDiscovery } from './oidc/discovered-upstream.ts';
import type { LogoutNotice } from './oidc/upstream-tokens.ts';
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
  /** Default `openid profile email phone address`. */
  readonly scope?: string;
  /** Asks for a refresh token. With it goes `prompt=consent`, without which Logto gives none. Default: no. */
  readonly offlineAccess?: boolean;
  /** Logto's `first_screen`, where a request does not say otherwise. */
  readonly firstScreen?: string;
}

export interface SignInRequest {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Ask for credentials even if the upstream still knows the person. */
  readonly force?: true;
  readonly uiLocales: readonly string[];
  /** Logto's `first_screen`, such as `register`. */
  readonly firstScreen?: string;
  /** What the person typed; passed on, and kept nowhere. */
  readonly loginHint?: string;
}

export interface UpstreamIdentity {
  readonly sub: string;
  readonly amr: readonly string[];
  readonly acr: string | undefined;
  /** Unix seconds; absent when the upstream does not tell. */
  readonly authTime: number | undefined;
  /** The upstream's session, where it tells. */
  readonly sid?: string | undefined;
  readonly refreshToken?: string | undefined;
  /** Claims of this upstream that stand elsewhere than usual. */
  readonly mapping?: ClaimMapping;
  /** Fetches the person's profile. */
  readonly profile: () => Promise<UpstreamClaims>;
  /** Takes over what has changed there since the last sign-in of somebody who is known here. */
  readonly refresh?: (person: { subjectId: string; auditRef: string; requestId: string }) => Promise<void>;
  /** Notes the account and what ends with the session, in the transaction that lets the person in. */
  readonly remember?: (tx: Queryable, session: { subjectId: string; sessionHash: Buffer }) => Promise<void>;
}

export type UpstreamAnswer = { readonly identity: UpstreamIdentity } | { readonly cancelled: string };

const SCOPE = 'openid profile email phone address';
/** A forced sign-in that is older than this was not made for us. */
const FORCED_MAX_AGE_SECONDS = 600;

/**
 * One first-party client at the sign-in service of this region. Failures carry nothing of what was exchanged:
 * `upstream_unavailable`, or `interaction_expired` where the upstream says that this sign-in is over.
 */
export class UpstreamClient {
  readonly #options: UpstreamClientOptions;
  readonly #discovery: UpstreamDiscovery;

  constructor(options: UpstreamClientOptions) {
    this.#options = options;
    this.#discovery = new UpstreamDiscovery(options);
  }

  get issuer(): string {
    return this.#options.issuer;
  }

  /** Origins that a form of ours may lead to on its way through the upstream. */
  get formTarget(): string {
    return new URL(this.#options.issuer).origin;
  }

  /** @throws UserrefError `upstream_unavailable` */
  async signInUrl(request: SignInRequest): Promise<URL> {
    const { configuration } = await this.#discovery.get();
    const { redirectUri, offlineAccess, scope = SCOPE } = this.#options;
    const firstScreen = request.firstScreen ?? this.#options.firstScreen;
    const prompt = [...(request.force ? ['login'] : []), ...(offlineAccess ? ['consent'] : [])];
    return openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: offlineAccess ? `${scope} offline_access` : scope,
      state: request.state,
      nonce: request.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(request.codeVerifier),
      code_challenge_method: 'S256',
      ...(prompt.length > 0 && { prompt: prompt.join(' ') }),
      ...(request.force && { max_age: String(FORCED_MAX_AGE_SECONDS) }),
      ...(request.uiLocales.length > 0 && { ui_locales: request.uiLocales.join(' ') }),
      ...(firstScreen && { first_screen: firstScreen }),
      ...(request.loginHint && { login_hint: request.loginHint }),
    });
  }

  /**
   * Redeems the code of a callback: `state`, `iss` (RFC 9207), nonce, PKCE and the ID token's signature.
   * @throws UserrefError `upstream_unavailable`, `interaction_expired`
   */
  async finish(
    callback: URL,
    request: Pick<SignInRequest, 'state' | 'nonce' | 'codeVerifier' | 'force'>,
  ): Promise<UpstreamAnswer> {
    const cancelled = callback.searchParams.get('error');
    const upstream = await this.#discovery.get();
    try {
      const tokens = await openid.authorizationCodeGrant(upstream.configuration, callback, {
        expectedState: request.state,
        expectedNonce: request.nonce,
        pkceCodeVerifier: request.codeVerifier,
        idTokenExpected: true,
        ...(request.force && { maxAge: FORCED_MAX_AGE_SECONDS }),
      });
      return { identity: await identityOf(upstream, tokens) };
    } catch (error) {
      if (error instanceof openid.AuthorizationResponseError && cancelled) return { cancelled: error.error };
      throw clientFailure(error);
    }
  }

  /** Where a sign-out goes on to; `undefined` when the upstream has no such address. */
  async signOutUrl(): Promise<URL | undefined> {
    const { configuration } = await this.#discovery.get();
    if (!configuration.serverMetadata().end_session_endpoint) return undefined;
    // By `client_id`: an ID token as a hint would put the person's profile into the address bar.
    return openid.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: this.#options.postLogoutRedirectUri,
    });
  }

  /** RFC 7009. A token that is unknown there counts as revoked. @throws UserrefError `upstream_unavailable` */
  async revokeToken(token: string): Promise<void> {
    const { configuration } = await this.#discovery.get();
    if (!configuration.serverMetadata().revocation_endpoint) return;
    await openid
      .tokenRevocation(configuration, token, { token_type_hint: 'refresh_token' })
      .catch((error: unknown) => {
        throw clientFailure(error);
      });
  }

  /** @throws whatever is wrong with the token, or UserrefError `upstream_unavailable` */
  async verifyLogoutToken(token: string): Promise<LogoutNotice> {
    return (await this.#discovery.get()).tokens.verifyLogoutToken(token);
  }

  /** For readiness checks. @throws UserrefError `upstream_unavailable` */
  async ping(): Promise<void> {
    await this.#discovery.get();
  }
}

type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

async function identityOf(upstream: DiscoveredUpstream, tokens: Tokens): Promise<UpstreamIdentity> {
  const claims = tokens.claims();
  if (!claims || !tokens.id_token)
    throw new UserrefError('upstream_unavailable', { logDetail: 'no ID token' });
  await upstream.tokens.verifyIdToken(tokens.id_token);
  const { sub, amr, acr, auth_time: authTime, sid } = claims;
  return {
    sub,
    amr: Array.isArray(amr) ? amr.filter((method) => typeof method === 'string') : [],
    acr: typeof acr === 'string' ? acr : undefined,
    authTime: typeof authTime === 'number' ? authTime : undefined,
    sid: typeof sid === 'string' ? sid : undefined,
    refreshToken: tokens.refresh_token,
    profile: async () => {
      // A provider may give all that it has in the ID token.
      if (!upstream.configuration.serverMetadata().userinfo_endpoint) return claims;
      return openid
        .fetchUserInfo(upstream.configuration, tokens.access_token, sub)
        .catch((error: unknown) => {
          throw clientFailure(error);
        });
    },
  };
}
