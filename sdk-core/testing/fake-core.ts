import { discoveryDocument } from './fake/discovery-document.ts';
import type { Bends, EndpointName, FakeCall } from './fake/fake-call.ts';
import type { FakeCoreOptions, MswHttp } from './fake/fake-core-options.ts';
import { FakeEvents } from './fake/fake-events.ts';
import { FakeLogin } from './fake/fake-login.ts';
import { ACCESS_TOKEN, type FakePerson, samplePerson } from './fake/fake-person.ts';
import { statusListClaims, statusListUri } from './fake/fake-status-list.ts';
import { logoutClaims, passportClaims } from './fake/fake-tokens.ts';
import { FakeVault } from './fake/fake-vault.ts';
import { json, oauthError, problem, unauthorized } from './fake/json-response.ts';
import { TestKeys } from './test-keys.ts';
import { type TestEvent, type TestWebhook, testWebhook } from './test-webhook.ts';

type Answering = (call: FakeCall, url: URL) => Response | Promise<Response>;

/**
 * The contract's behaviour of a core and its cell in memory, for the tests of a site: pass `fetch` to the SDK,
 * or `handlers(http)` to msw. There is one person, who signs in at once and shares as `person` says.
 */
export class FakeCore {
  readonly issuer: string;
  readonly cell: string;
  readonly site: string;
  readonly siteSecret: string;
  readonly webhookSecret: string;
  /** Every request so far, oldest first. */
  readonly calls: FakeCall[] = [];
  readonly person: FakePerson = samplePerson();
  /** Attributes with a live consent, and their values. */
  consented: Record<string, unknown> = { 'profile:name': this.person.attributes['profile:name'] };
  /** For which purpose those consents are; `null` for any. */
  consentedFor: string | null = null;
  /** Redirect addresses that are registered for the site; `null` for any. */
  redirectUris: readonly string[] | null = null;
  bends: Bends = { replies: {} };
  /** The latest token of the site itself; any other is dead. */
  siteToken = 'none yet';
  readonly events = new FakeEvents();
  readonly #clock: () => Date;
  readonly #keys = new TestKeys();
  readonly #login = new FakeLogin();
  readonly #vault = new FakeVault(this);

  constructor(options: FakeCoreOptions = {}) {
    this.issuer = options.issuer ?? 'https://id.example.eu';
    this.cell = options.cell ?? 'https://cell.example.eu';
    this.site = options.site ?? 'shop-a';
    this.siteSecret = options.siteSecret ?? 'secret-of-the-site-in-no-answer';
    this.webhookSecret = options.webhookSecret ?? `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;
    this.#clock = options.clock ?? (() => new Date());
  }

  /** Options of `createUserref` that fit this core; add `baseUrl` and `sessionSecret`. */
  get options(): { issuer: string; site: string; siteSecret: string; webhookSecret: string } {
    const { issuer, site, siteSecret, webhookSecret } = this;
    return { issuer, site, siteSecret, webhookSecret };
  }

  /** Answers a request to the core or its cell; `null` for any other address. */
  async answer(request: Request): Promise<Response | null> {
    const url = new URL(request.url);
    const [endpoint, answer] = this.#endpointAt(request.method, url) ?? [];
    if (endpoint === undefined || answer === undefined) return null;
    const form = request.method === 'POST' ? await request.clone().text() : '';
    const call = { endpoint, request, body: new URLSearchParams(form) };
    this.calls.push(call);
    return this.bends.replies[endpoint]?.() ?? answer(call, url);
  }

  /** For the option `fetch` of the SDK: this core and its cell, and nothing else of the network. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = await this.answer(new Request(input, init));
    if (answer) return answer;
    throw new TypeError('fetch failed: this address is neither of the fake core nor of its cell');
  };

  /** For msw: `setupServer(...core.handlers(http))`. */
  handlers<Handler>(http: MswHttp<Handler>): Handler[] {
    const answer = async ({ request }: { request: Request }) =>
      (await this.answer(request)) ?? problem('not_found', 404);
    return [this.issuer, this.cell].map((origin) => http.all(`${origin}/*`, answer));
  }

  callsTo(endpoint: EndpointName): FakeCall[] {
    return this.calls.filter((call) => call.endpoint === endpoint);
  }

  /** The person signs in at the address that the SDK gave; the result is where the browser comes back. */
  signIn(url: string): URL {
    const parameters = this.#login.parametersOf(url);
    if (this.person.shares) this.#share(parameters.get('scope') ?? '');
    const back = new URL(parameters.get('redirect_uri') ?? '');
    back.searchParams.set('code', this.#login.newCode(parameters));
    back.searchParams.set('state', parameters.get('state') ?? '');
    back.searchParams.set('iss', this.issuer);
    return back;
  }

  /** A passport of the person; `undefined` removes a claim. */
  async passport(claims: Record<string, unknown> = {}): Promise<string> {
    const header = { alg: 'ES256', typ: 'JWT', kid: 'es256', ...this.bends.header };
    const consents = Object.keys(this.consented);
    const payload = {
      ...passportClaims(this, { consents, now: this.#now() }),
      ...claims,
      ...this.bends.claims,
    };
    return this.#keys.sign(header, payload, this.bends.signWith);
  }

  /** A logout token (OpenID Connect Back-Channel Logout 1.0 §2.4); `undefined` removes a claim. */
  async logoutToken(
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const payload = { ...logoutClaims(this, this.#now()), ...claims };
    const protectedHeader = { alg: 'ES256', typ: 'logout+jwt', kid: 'es256', ...header };
    return this.#keys.sign(protectedHeader, payload, this.bends.signWith);
  }

  /** An event: kept for sites that ask for events, and given as the webhook that the core would post. */
  async webhook(event: TestEvent): Promise<TestWebhook> {
    const dated = { at: this.#clock(), data: { user_ref: this.person.userRef }, ...event };
    const id = this.events.add(dated);
    return testWebhook({ ...dated, id }, this.webhookSecret);
  }

  #endpointAt(method: string, url: URL): [EndpointName, Answering] | undefined {
    const path = url.pathname.replace(/\/(evt|ppid)_[^/]+\//, '/:id/');
    const endpoints: Record<string, [EndpointName, Answering]> = {
      [`GET ${this.issuer}/.well-known/openid-configuration`]: ['discovery', () => this.#discovery()],
      [`GET ${this.issuer}/jwks`]: ['jwks', async () => json(await this.#keys.jwks())],
      [`POST ${this.issuer}/par`]: ['par', (call) => this.#push(call)],
      [`GET ${this.issuer}/auth`]: ['authorize', () => redirect(this.signIn(url.href).href)],
      [`POST ${this.issuer}/token`]: ['token', (call) => this.#token(call)],
      [`GET ${this.issuer}/session/end`]: ['logout', () => afterLogout(url)],
      [`GET ${this.issuer}/v1/events`]: ['events', (call) => this.#eventPage(call, url)],
      [`POST ${this.issuer}/v1/events/:id/ack`]: ['ack', (call) => this.#acknowledge(call, url)],
      [`GET ${statusListUri(this.issuer)}`]: ['status', () => this.#statusList()],
      [`GET ${this.cell}/v1/attributes`]: ['attributes', (call) => this.#attributes(call, url)],
      [`POST ${this.cell}/v1/users/:id/sealed-attributes`]: ['seal', (call) => this.#seal(call, url)],
      [`POST ${this.cell}/v1/unseal`]: ['unseal', (call) => this.#unseal(call)],
    };
    return endpoints[`${method} ${url.origin}${path}`];
  }

  #now(): number {
    return Math.floor(this.#clock().getTime() / 1000);
  }

  #share(scope: string): void {
    const { attributes } = this.person;
    for (const name of scope.split(' ').filter((name) => Object.hasOwn(attributes, name))) {
      this.consented[name] = attributes[name];
    }
  }

  #discovery(): Response {
    return json({ ...discoveryDocument(this), ...this.bends.discovery });
  }

  #push({ request, body }: FakeCall): Response {
    if (!this.#isSite(request)) return oauthError('invalid_client', 401);
    return this.#login.push(body, this.redirectUris);
  }

  async #token({ request, body }: FakeCall): Promise<Response> {
    if (!this.#isSite(request)) return oauthError('invalid_client', 401);
    if (body.get('resource') !== this.cell) return oauthError('invalid_target', 400);
    const isOfSite = body.get('grant_type') === 'client_credentials';
    const answer = isOfSite ? this.#newSiteToken() : await this.#personToken(body);
    return answer
      ? json({ token_type: 'Bearer', ...answer, ...this.bends.tokens })
      : oauthError('invalid_grant', 400);
  }

  #newSiteToken(): object {
    this.siteToken = `site-token-${this.callsTo('token').length}`;
    return { access_token: this.siteToken, expires_in: 600 };
  }

  async #personToken(body: URLSearchParams): Promise<object | null> {
    const parameters = await this.#login.redeem(body);
    if (parameters === null) return null;
    const idToken = await this.passport({ nonce: parameters.get('nonce') });
    const scope = parameters.get('scope') ?? 'openid';
    return { access_token: ACCESS_TOKEN, expires_in: 3600, id_token: idToken, scope };
  }

  async #statusList(): Promise<Response> {
    const status = this.person.passportStatus;
    const header = { alg: 'ES256', typ: 'statuslist+jwt', kid: 'es256' };
    const claims = await statusListClaims(this.issuer, { status, now: this.#now() });
    const headers = { 'content-type': 'application/statuslist+jwt' };
    return new Response(await this.#keys.sign(header, claims), { headers });
  }

  #isSite(request: Request): boolean {
    const [scheme, credentials = ''] = (request.headers.get('authorization') ?? '').split(' ');
    const [site, secret] = atob(credentials).split(':').map(decodeURIComponent);
    return scheme === 'Basic' && site === this.site && secret === this.siteSecret;
  }

  #eventPage({ request }: FakeCall, { searchParams }: URL): Response {
    return this.#isSite(request) ? this.events.page(searchParams) : unauthorized(AS_SITE);
  }

  async #acknowledge({ request }: FakeCall, { pathname }: URL): Promise<Response> {
    if (!this.#isSite(request)) return unauthorized(AS_SITE);
    const id = pathname.split('/').at(-2) ?? '';
    return this.events.acknowledge(id, request, { secret: this.webhookSecret, now: this.#now() });
  }

  #attributes({ request }: FakeCall, { searchParams }: URL): Response {
    return bears(request, ACCESS_TOKEN) ? this.#vault.attributes(searchParams) : this.#withoutToken();
  }

  async #seal({ request }: FakeCall, { pathname }: URL): Promise<Response> {
    if (!bears(request, this.siteToken)) return this.#withoutToken();
    if (!pathname.includes(`/${this.person.userRef}/`)) return problem('not_found', 404);
    return this.#vault.seal(request, this.#clock());
  }

  async #unseal({ request }: FakeCall): Promise<Response> {
    return bears(request, this.siteToken) ? this.#vault.unseal(request, this.#clock()) : this.#withoutToken();
  }

  /** RFC 9728 §5.1. */
  #withoutToken(): Response {
    const metadata = `${this.cell}/.well-known/oauth-protected-resource`;
    return unauthorized(`Bearer error="invalid_token", resource_metadata="${metadata}"`);
  }
}

const AS_SITE = 'Basic realm="userref", Bearer';

function bears(request: Request, token: string): boolean {
  return request.headers.get('authorization') === `Bearer ${token}`;
}

function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { location } });
}

/** Back to where the site wants its visitors after signing out. */
function afterLogout({ searchParams }: URL): Response {
  return redirect(searchParams.get('post_logout_redirect_uri') ?? '/');
}
