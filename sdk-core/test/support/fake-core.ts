import { HttpResponse, http, type RequestHandler } from 'msw';
import { encodeBase64url } from '../../src/encoding/base64url.ts';
import { goodHeader, publicJwk, type Scenario } from './passport-scenarios/scenario.ts';
import { signatureOver } from './passport-scenarios/sign.ts';

export interface FakeCoreOptions {
  readonly issuer?: string;
  readonly cell?: string;
  readonly site?: string;
  readonly siteSecret?: string;
  readonly now: () => number;
}

/** What a test may bend to see the SDK refuse it. */
export interface Bends {
  /** Merged over the discovery document; `undefined` removes a member. */
  discovery?: Record<string, unknown>;
  /** Answers instead of an endpoint. */
  replies: Partial<Record<EndpointName, () => Response>>;
  /** Merged over the claims of the next passports; `undefined` removes one. */
  claims?: Record<string, unknown>;
  /** Merged over the header of the next passports. */
  header?: Record<string, unknown>;
  signWith?: Scenario['signWith'];
  /** Merged over the token response. */
  tokens?: Record<string, unknown>;
}

export type EndpointName = 'discovery' | 'jwks' | 'par' | 'token' | 'attributes' | 'seal' | 'unseal';

interface Pushed {
  readonly parameters: URLSearchParams;
  code?: string;
}

interface SealBody {
  readonly names: string[];
  readonly purpose: string;
  readonly order_ref: string;
  readonly window: { readonly not_before?: string; readonly expires_at: string };
}

/** Of the form that the cell gives, and opened by nobody. */
function envelope(index: number): string {
  return `eyJhbGciOiJkaXIifQ..${'n'.repeat(16)}.${String(index).padStart(90, 'c')}.${'t'.repeat(22)}`;
}

export const USER_REF = 'ppid_abcdefghijklmnopqrstuvwx23';
export const SID = 'lHbS9qpF3kQm2xTz';
export const ACCESS_TOKEN = 'at_kQm2xTzlHbS9qpF3-kQm2xTzlHbS9qpF3_kQm2xTz';

/** The contract's behaviour of a core and its cell, over msw: enough of it to drive every path of the SDK. */
export class FakeCore {
  readonly issuer: string;
  readonly cell: string;
  readonly site: string;
  readonly siteSecret: string;
  readonly calls: { endpoint: EndpointName; request: Request; body: URLSearchParams }[] = [];
  bends: Bends = { replies: {} };
  /** Attributes with a live consent, and their values. */
  consented: Record<string, unknown> = { 'profile:name': 'Sample Person Amber' };
  /** The latest token of the site itself; any other is dead. */
  siteToken = 'none yet';
  readonly #sealed: (Omit<SealBody, 'window'> & { sealed: string })[] = [];
  readonly #now: () => number;
  readonly #pushed = new Map<string, Pushed>();

  constructor(options: FakeCoreOptions) {
    this.issuer = options.issuer ?? 'https://id.example.eu';
    this.cell = options.cell ?? 'https://cell.example.eu';
    this.site = options.site ?? 'shop-a';
    this.siteSecret = options.siteSecret ?? 'secret-of-the-site-in-no-answer';
    this.#now = options.now;
  }

  get handlers(): RequestHandler[] {
    const { issuer, cell } = this;
    return [
      http.get(
        `${issuer}/.well-known/openid-configuration`,
        this.#answer('discovery', () => this.#discovery()),
      ),
      http.get(
        `${issuer}/jwks`,
        this.#answer('jwks', () => this.#jwks()),
      ),
      http.post(
        `${issuer}/par`,
        this.#answer('par', (_, body) => this.#push(body)),
      ),
      http.post(
        `${issuer}/token`,
        this.#answer('token', (request, body) => this.#token(request, body)),
      ),
      http.get(
        `${cell}/v1/attributes`,
        this.#answer('attributes', (request) => this.#attributes(request)),
      ),
      http.post(
        `${cell}/v1/users/:userRef/sealed-attributes`,
        this.#answer('seal', (request) => this.#seal(request)),
      ),
      http.post(
        `${cell}/v1/unseal`,
        this.#answer('unseal', (request) => this.#unseal(request)),
      ),
    ];
  }

  callsTo(endpoint: EndpointName): { request: Request; body: URLSearchParams }[] {
    return this.calls.filter((call) => call.endpoint === endpoint);
  }

  /** The person signs in at the address that the SDK gave; the result is where the browser comes back. */
  signIn(url: string): URL {
    const query = new URL(url).searchParams;
    const requestUri = query.get('request_uri');
    const pushed = requestUri === null ? { parameters: query } : this.#pushed.get(requestUri);
    if (pushed === undefined) throw new Error('this request was never pushed');
    pushed.code = `code-${this.#pushed.size}-${pushed.parameters.get('nonce')?.slice(0, 8)}`;
    this.#pushed.set(pushed.code, pushed);
    const back = new URL(pushed.parameters.get('redirect_uri') ?? '');
    back.searchParams.set('code', pushed.code);
    back.searchParams.set('state', pushed.parameters.get('state') ?? '');
    back.searchParams.set('iss', this.issuer);
    return back;
  }

  async passport(claims: Record<string, unknown> = {}): Promise<string> {
    const now = this.#now();
    const payload = {
      iss: this.issuer,
      aud: this.site,
      sub: USER_REF,
      user_ref: USER_REF,
      passport: { v: 1, consents: Object.keys(this.consented), assurance_level: 'substantial' },
      tenant: 'acme',
      site: this.site,
      sid: SID,
      auth_time: now,
      iat: now,
      exp: now + 3600,
      ...claims,
      ...this.bends.claims,
    };
    const parts = [{ ...goodHeader, ...this.bends.header }, payload].map((part) =>
      encodeBase64url(new TextEncoder().encode(JSON.stringify(part))),
    );
    const input = parts.join('.');
    return `${input}.${await signatureOver(input, this.bends.signWith)}`;
  }

  /** A logout token as the core sends it; `undefined` removes a claim. */
  async logoutToken(
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const now = this.#now();
    const payload = {
      iss: this.issuer,
      aud: this.site,
      sub: USER_REF,
      sid: SID,
      iat: now,
      exp: now + 120,
      jti: `jti-${Math.random().toString(36).slice(2, 12)}`,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      ...claims,
    };
    const parts = [{ ...goodHeader, typ: 'logout+jwt', ...header }, payload].map((part) =>
      encodeBase64url(new TextEncoder().encode(JSON.stringify(part))),
    );
    const input = parts.join('.');
    return `${input}.${await signatureOver(input, this.bends.signWith)}`;
  }

  #answer(endpoint: EndpointName, answer: (request: Request, body: URLSearchParams) => unknown) {
    return async ({ request }: { request: Request }): Promise<Response> => {
      const body = new URLSearchParams(request.method === 'POST' ? await request.clone().text() : '');
      this.calls.push({ endpoint, request, body });
      const bent = this.bends.replies[endpoint];
      return bent ? bent() : ((await answer(request, body)) as Response);
    };
  }

  #discovery(): Response {
    const { issuer, cell } = this;
    return HttpResponse.json({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      pushed_authorization_request_endpoint: `${issuer}/par`,
      end_session_endpoint: `${issuer}/session/end`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
      protected_resources: [cell],
      ...this.bends.discovery,
    });
  }

  #jwks(): Response {
    return HttpResponse.json({ keys: [publicJwk('es256', { alg: 'ES256' }), publicJwk('es256Next')] });
  }

  #push(parameters: URLSearchParams): Response {
    const uri = `urn:ietf:params:oauth:request_uri:${this.#pushed.size}`;
    this.#pushed.set(uri, { parameters });
    return HttpResponse.json({ request_uri: uri, expires_in: 60 }, { status: 201 });
  }

  async #token(request: Request, body: URLSearchParams): Promise<Response> {
    const pushed = this.#pushed.get(body.get('code') ?? '');
    const verifier = new TextEncoder().encode(body.get('code_verifier') ?? '');
    const challenge = encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', verifier)));
    if (!this.#isSite(request)) return oauthError('invalid_client', 401);
    if (body.get('grant_type') === 'client_credentials') return this.#siteToken(body);
    const fits = pushed?.parameters.get('code_challenge') === challenge && body.get('resource') === this.cell;
    if (pushed === undefined || !fits) return oauthError('invalid_grant', 400);
    this.#pushed.delete(body.get('code') ?? '');
    return HttpResponse.json({
      access_token: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: 3600,
      id_token: await this.passport({ nonce: pushed.parameters.get('nonce') }),
      ...this.bends.tokens,
    });
  }

  #siteToken(body: URLSearchParams): Response {
    if (body.get('resource') !== this.cell) return oauthError('invalid_target', 400);
    this.siteToken = `site-token-${this.callsTo('token').length}`;
    const answer = {
      access_token: this.siteToken,
      token_type: 'Bearer',
      expires_in: 600,
      ...this.bends.tokens,
    };
    return HttpResponse.json(answer);
  }

  async #seal(request: Request): Promise<Response> {
    if (request.headers.get('authorization') !== `Bearer ${this.siteToken}`)
      return problem('invalid_token', 401);
    if (!request.url.includes(`/${USER_REF}/`)) return problem('not_found', 404);
    const { names, purpose, order_ref, window } = (await request.clone().json()) as SealBody;
    const missing = names.filter((name) => !Object.hasOwn(this.consented, name));
    if (missing.length > 0) return problem('consent_required', 403, { attributes: missing });
    const sealed = envelope(this.#sealed.length);
    this.#sealed.push({ sealed, names, purpose, order_ref });
    const not_before = window.not_before ?? new Date(this.#now() * 1000).toISOString();
    return HttpResponse.json({ sealed, not_before, expires_at: window.expires_at }, { status: 201 });
  }

  async #unseal(request: Request): Promise<Response> {
    if (request.headers.get('authorization') !== `Bearer ${this.siteToken}`)
      return problem('invalid_token', 401);
    const asked = (await request.clone().json()) as { sealed: string; purpose: string; order_ref: string };
    const found = this.#sealed.find((one) => one.sealed === asked.sealed);
    if (!found) return problem('not_found', 404);
    const fits = found.purpose === asked.purpose && found.order_ref === asked.order_ref;
    if (!fits) return problem('sealed_mismatch', 403);
    const attributes = Object.fromEntries(found.names.map((name) => [name, this.consented[name]]));
    return HttpResponse.json({ attributes, purpose: asked.purpose, order_ref: asked.order_ref });
  }

  #isSite(request: Request): boolean {
    const [scheme, credentials = ''] = (request.headers.get('authorization') ?? '').split(' ');
    const [site, secret] = atob(credentials).split(':').map(decodeURIComponent);
    return scheme === 'Basic' && site === this.site && secret === this.siteSecret;
  }

  #attributes(request: Request): Response {
    if (request.headers.get('authorization') !== `Bearer ${ACCESS_TOKEN}`)
      return problem('invalid_token', 401);
    const query = new URL(request.url).searchParams;
    const names = (query.get('names') ?? '').split(',');
    const missing = names.filter((name) => !Object.hasOwn(this.consented, name));
    if (missing.length > 0) return problem('consent_required', 403, { attributes: missing });
    const attributes = Object.fromEntries(names.map((name) => [name, this.consented[name]]));
    return HttpResponse.json({ attributes, purpose: query.get('purpose') });
  }
}

export function problem(code: string, status: number, members: Record<string, unknown> = {}): Response {
  const body = { type: `https://userref.dev/errors/${code}`, code, status, request_id: 'req-1', ...members };
  return HttpResponse.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

export function oauthError(error: string, status: number): Response {
  return HttpResponse.json({ error, error_description: 'described by somebody else' }, { status });
}
