import { createHash } from 'node:crypto';
import { asRecorded, cookieOf, type FakeAnswer, type FakeRequest, redirect } from './fake-answer.ts';
import { type FakeGrant, type FakeSession, type FakeState, newToken } from './fake-state.ts';
import { FakeTokens, publicJwk, seconds } from './fake-tokens.ts';
import { recordings } from './recordings.ts';
import { signInPage } from './sign-in-page.ts';

const RECORDED_ORIGIN = 'http://127.0.0.1:13001';
const HOUR = 3600;
const MANAGEMENT = 'https://default.logto.app/api';

/** The OpenID provider of the fake: the observed flow, with the recorded answers. */
export class FakeOidc extends FakeTokens {
  readonly #state: FakeState;
  readonly #origin: string;

  constructor(state: FakeState, origin: string) {
    super(state, `${origin}/oidc`);
    this.#state = state;
    this.#origin = origin;
  }

  async answer(request: FakeRequest): Promise<FakeAnswer | undefined> {
    const { method, url } = request;
    switch (`${method} ${url.pathname}`) {
      case 'GET /oidc/.well-known/openid-configuration':
        return json(
          200,
          JSON.parse(JSON.stringify(recordings().discovery).replaceAll(RECORDED_ORIGIN, this.#origin)),
        );
      case 'GET /oidc/jwks':
        return json(200, { keys: await Promise.all(this.#state.keys.map(publicJwk)) });
      case 'GET /oidc/auth':
        return this.#authorize(request);
      case 'POST /oidc/token':
        return this.#token(request);
      case 'GET /oidc/me':
        return this.#userinfo(request);
      case 'POST /oidc/token/revocation':
        return this.#revoke(request);
      case 'GET /oidc/session/end':
        return this.#endSession(request);
      case 'POST /oidc/session/end/confirm':
        return this.#confirmEnd(request);
      case 'GET /consent':
        return redirect(`${this.#origin}/oidc/auth/${interactionOf(request)}`, [], 302);
      default:
        return method === 'GET' && url.pathname.startsWith('/oidc/auth/') ? this.#resume(request) : undefined;
    }
  }

  #authorize({ url, headers }: FakeRequest): FakeAnswer {
    const query = url.searchParams;
    const application = this.#state.applications.get(query.get('client_id') ?? '');
    if (!application) return asRecorded('authorize-parameters', 'unknown client');
    if (!application.oidcClientMetadata.redirectUris.includes(query.get('redirect_uri') ?? ''))
      return asRecorded('authorize-parameters', 'unregistered redirect_uri');
    const prompts = (query.get('prompt') ?? '').split(' ');
    if (prompts.includes('select_account')) return this.#back(query, { error: 'invalid_request' });
    const session = this.#sessionOf(headers.cookie);
    if (!session && prompts.includes('none')) return this.#back(query, { error: 'login_required' });
    const id = newToken();
    this.#state.interactions.set(id, { query });
    const cookies = [`_interaction=${id}; path=/; samesite=lax; httponly`];
    const stale =
      query.has('max_age') &&
      session &&
      seconds(this.#state) - session.authTime > Number(query.get('max_age'));
    if (!session || prompts.includes('login') || stale)
      return redirect(signInPage(query, application.id), cookies);
    if (prompts.includes('consent')) return redirect(`/consent?app_id=${application.id}`, cookies);
    return this.#back(query, { code: this.#code(query, session) });
  }

  /** After the sign-in form, and after the consent that a first-party application gets by itself. */
  #resume({ url, headers }: FakeRequest): FakeAnswer {
    const id = url.pathname.split('/').at(-1) ?? '';
    const interaction = this.#state.interactions.get(id);
    if (!interaction) return json(400, { code: 'oidc.session_not_found', message: 'Session not found.' });
    const { query, userId } = interaction;
    const session = userId ? this.#signIn(userId) : this.#sessionOf(headers.cookie);
    this.#state.interactions.delete(id);
    if (!session) return this.#back(query, { error: 'access_denied' });
    const cookie = `_session=${session.cookie}; path=/; samesite=lax; httponly`;
    return this.#back(query, { code: this.#code(query, session) }, [cookie]);
  }

  #signIn(userId: string): FakeSession {
    const session = {
      uid: newToken(),
      cookie: newToken(),
      userId,
      authTime: seconds(this.#state),
      sids: new Map(),
    };
    this.#state.sessions.set(session.cookie, session);
    const user = this.#state.users.get(userId);
    if (user) Object.assign(user, { lastSignInAt: this.#state.now(), updatedAt: this.#state.now() });
    return session;
  }

  #code(query: URLSearchParams, session: FakeSession): string {
    const asked = (query.get('scope') ?? '').split(' ');
    const withPrompt = (query.get('prompt') ?? '').split(' ').includes('consent');
    const scope = asked.filter((one) => one !== 'offline_access' || withPrompt).join(' ');
    const grant: FakeGrant = {
      ...{ id: newToken(), userId: session.userId, clientId: query.get('client_id') ?? '', scope, session },
      ...{ nonce: query.get('nonce') ?? undefined, askedMaxAge: query.has('max_age') },
    };
    this.#state.grants.set(grant.id, grant);
    const code = newToken();
    const challenge = query.get('code_challenge') ?? '';
    this.#state.codes.set(code, {
      grant,
      challenge,
      redirectUri: query.get('redirect_uri') ?? '',
      used: false,
    });
    return code;
  }

  #back(query: URLSearchParams, result: Record<string, string>, cookies: string[] = []): FakeAnswer {
    const target = new URL(query.get('redirect_uri') ?? '');
    const all = { ...result, state: query.get('state') ?? '', iss: this.issuer };
    for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
    return redirect(target.href, cookies);
  }

  async #token(request: FakeRequest): Promise<FakeAnswer> {
    const form = new URLSearchParams(request.body);
    const client = this.#client(request);
    if (typeof client === 'object') return client;
    if (form.get('grant_type') === 'client_credentials') return this.#clientCredentials(form, client);
    if (form.get('grant_type') === 'refresh_token') {
      const grant = this.#state.grants.get(
        this.#state.refreshTokens.get(form.get('refresh_token') ?? '') ?? '',
      );
      if (!grant || grant.clientId !== client) return asRecorded('refresh-token', 'refresh: unknown token');
      return this.#tokens(grant);
    }
    const code = this.#state.codes.get(form.get('code') ?? '');
    const invalid = asRecorded('token-endpoint', 'unknown code');
    if (!code || code.grant.clientId !== client) return invalid;
    if (code.used) this.#state.endGrant(code.grant.id);
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const fits = verifier === code.challenge && form.get('redirect_uri') === code.redirectUri;
    if (code.used || !fits || !this.#state.users.has(code.grant.userId)) return invalid;
    code.used = true;
    return this.#tokens(code.grant);
  }

  async #tokens(grant: FakeGrant): Promise<FakeAnswer> {
    const access = newToken();
    this.#state.accessTokens.set(access, grant.id);
    const known = [...this.#state.refreshTokens].find(([, id]) => id === grant.id)?.[0];
    const refresh = grant.scope.split(' ').includes('offline_access') ? (known ?? newToken()) : undefined;
    if (refresh) this.#state.refreshTokens.set(refresh, grant.id);
    return asRecorded('token-endpoint', 'authorization_code: success (Traditional app, HTTP Basic, PKCE)', {
      body: {
        access_token: access,
        expires_in: HOUR,
        id_token: await this.idToken(grant),
        ...(refresh && { refresh_token: refresh }),
        scope: grant.scope,
        token_type: 'Bearer',
      },
    });
  }

  #userinfo({ headers }: FakeRequest): FakeAnswer {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (!token) return asRecorded('userinfo', 'userinfo without token');
    const grant = this.#state.grants.get(this.#state.accessTokens.get(token) ?? '');
    if (!grant || !this.#state.users.has(grant.userId))
      return asRecorded('userinfo', 'userinfo with garbage token');
    return json(200, this.claims(grant.userId, grant.scope, []));
  }

  #revoke(request: FakeRequest): FakeAnswer {
    const client = this.#client(request);
    if (typeof client === 'object') return client;
    const token = new URLSearchParams(request.body).get('token');
    if (!token) return asRecorded('introspection-revocation', 'revoke without token parameter');
    const grantId = this.#state.refreshTokens.get(token) ?? this.#state.accessTokens.get(token);
    const grant = this.#state.grants.get(grantId ?? '');
    if (!grant) return asRecorded('introspection-revocation', 'revoke unknown token');
    if (grant.clientId !== client)
      return asRecorded('introspection-revocation', "revoke another client's refresh token");
    this.#state.endGrant(grant.id);
    return asRecorded('introspection-revocation', 'revoke refresh token');
  }

  #endSession({ url }: FakeRequest): FakeAnswer {
    const query = url.searchParams;
    const application = this.#state.applications.get(query.get('client_id') ?? '');
    const target = query.get('post_logout_redirect_uri');
    if (target && !application?.oidcClientMetadata.postLogoutRedirectUris.includes(target))
      return asRecorded('end-session', 'end_session, unregistered post_logout_redirect_uri');
    const xsrf = newToken();
    this.#state.interactions.set(xsrf, { query });
    const html = `<body onload="document.forms[0].submit()"><form id="op.logoutForm" method="post" action="${this.#origin}/oidc/session/end/confirm"><input type="hidden" name="xsrf" value="${xsrf}"/><input type="hidden" name="logout" value="yes" form="op.logoutForm"/></form></body>`;
    return asRecorded(
      'end-session',
      'end_session step 1: GET with id_token_hint, HTML page that posts itself',
      {
        body: html,
      },
    );
  }

  async #confirmEnd({ body, headers }: FakeRequest): Promise<FakeAnswer> {
    const form = new URLSearchParams(body);
    const asked = this.#state.interactions.get(form.get('xsrf') ?? '');
    if (!asked || form.get('logout') !== 'yes') return json(400, { error: 'invalid_request' });
    const session = this.#sessionOf(headers.cookie);
    if (session) {
      this.#state.sessions.delete(session.cookie);
      for (const grant of [...this.#state.grants.values()]) {
        const stays = grant.scope.split(' ').includes('offline_access');
        if (grant.session === session && !stays) this.#state.endGrant(grant.id);
      }
      await this.tellBackChannel(session);
    }
    const target = new URL(asked.query.get('post_logout_redirect_uri') ?? `${this.#origin}/`);
    const state = asked.query.get('state');
    if (state) target.searchParams.set('state', state);
    return redirect(target.href, ['_session=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT']);
  }

  /** To the applications of that session; once, and failures are silent. */
  async tellBackChannel(session: FakeSession): Promise<void> {
    for (const [clientId, sid] of session.sids) {
      const uri = this.#state.applications.get(clientId)?.oidcClientMetadata.backchannelLogoutUri;
      if (!uri) continue;
      const token = await this.logoutToken({ sub: session.userId, sid, aud: clientId });
      await fetch(uri, { method: 'POST', body: new URLSearchParams({ logout_token: token }) }).catch(
        () => {},
      );
    }
  }

  #client({ headers, body }: FakeRequest): string | FakeAnswer {
    const form = new URLSearchParams(body);
    const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
    const [id, secret] = basic
      ? Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent)
      : [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
    if (!this.#state.applications.has(id ?? '')) return asRecorded('m2m-token', 'unknown client');
    const right = this.#state.secrets.get(id ?? '')?.some(({ value }) => value === secret);
    return right ? (id ?? '') : asRecorded('m2m-token', 'wrong secret');
  }

  #clientCredentials(form: URLSearchParams, client: string): FakeAnswer {
    if (form.get('resource') !== MANAGEMENT) return asRecorded('m2m-token', 'unknown resource');
    const all = form.get('scope') === 'all' && this.#state.managers.has(client);
    const token = `m2m-${newToken()}`;
    const expiresAt = this.#state.now() + HOUR * 1000;
    this.#state.managementTokens.set(token, { scope: all ? 'all' : '', expiresAt });
    const body = {
      access_token: token,
      expires_in: HOUR,
      token_type: 'Bearer',
      ...(all && { scope: 'all' }),
    };
    return json(200, body);
  }

  #sessionOf(cookie: string | undefined): FakeSession | undefined {
    const value = cookieOf({ headers: { cookie } } as FakeRequest, '_session');
    return this.#state.sessions.get(value ?? '');
  }
}

export function interactionOf(request: FakeRequest): string {
  return cookieOf(request, '_interaction') ?? '';
}

export function json(status: number, body: unknown): FakeAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}
