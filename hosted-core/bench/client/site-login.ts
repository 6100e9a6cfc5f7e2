import { createHash, randomBytes } from 'node:crypto';
import { Browser } from '../../test/support/browser.ts';
import { type HttpAnswer, HttpClient } from './http-client.ts';
import { type Visitor, visit } from './page-visitor.ts';

/** A site as its login sees it: any OpenID provider with pushed authorization requests (RFC 9126). */
export interface LoginTarget {
  readonly issuer: string;
  readonly siteId: string;
  readonly secret: string;
  readonly redirectUri: string;
  /** Whom the access token is for (RFC 8707). */
  readonly resource: string;
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
}

interface Metadata {
  readonly par: string;
  readonly authorization: string;
  readonly token: string;
  readonly introspection: string;
}

type Send = (path: string) => Promise<HttpAnswer>;

/** What a site does at an OpenID provider, step by step, without checking more than that it worked. */
export class SiteLogin {
  readonly target: LoginTarget;
  readonly #http: HttpClient;
  readonly #paths: Metadata;
  readonly #authorization: string;

  private constructor(target: LoginTarget, http: HttpClient, paths: Metadata) {
    this.target = target;
    this.#http = http;
    this.#paths = paths;
    this.#authorization = `Basic ${Buffer.from(`${target.siteId}:${target.secret}`).toString('base64')}`;
  }

  static async discover(target: LoginTarget, connections: number): Promise<SiteLogin> {
    const http = new HttpClient(target.issuer, connections);
    const answer = await http.send({ path: '/.well-known/openid-configuration' });
    if (answer.status !== 200) throw new Error(`discovery answered ${answer.status}`);
    const metadata = JSON.parse(answer.body) as Record<string, string>;
    const path = (name: string) => new URL(metadata[name] ?? '').pathname;
    return new SiteLogin(target, http, {
      par: path('pushed_authorization_request_endpoint'),
      authorization: path('authorization_endpoint'),
      token: path('token_endpoint'),
      introspection: path('introspection_endpoint'),
    });
  }

  /** A whole login: pushed request, authorization by `send`, exchange of the code. */
  async login(send: Send, extra: Record<string, string> = {}): Promise<Tokens> {
    const verifier = randomBytes(32).toString('base64url');
    const state = randomBytes(16).toString('base64url');
    const pushed = await this.#post(this.#paths.par, 201, {
      client_id: this.target.siteId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: this.target.redirectUri,
      resource: this.target.resource,
      state,
      nonce: randomBytes(16).toString('base64url'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...extra,
    });
    const query = new URLSearchParams({
      client_id: this.target.siteId,
      request_uri: String(pushed.request_uri),
    });
    const answer = await send(`${this.#paths.authorization}?${query}`);
    const back = new URL(String(answer.headers['location'] ?? ''), this.target.issuer);
    const code = back.searchParams.get('code');
    if (!code || back.searchParams.get('state') !== state) {
      throw new Error(
        `no code at the end of a login, but ${answer.status} ${back.searchParams.get('error')}`,
      );
    }
    return (await this.#post(this.#paths.token, 200, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.target.redirectUri,
      code_verifier: verifier,
    })) as unknown as Tokens;
  }

  /** Sends a request with a browser's cookies and keeps those of the answer. */
  asBrowser(cookies: Map<string, string>): Send {
    return async (path) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await this.#http.send({ path, headers: { cookie, accept: 'text/html' } });
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        const [pair = ''] = line.split(';');
        const at = pair.indexOf('=');
        if (cookies.has(pair.slice(0, at))) cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      return answer;
    };
  }

  async refresh(refreshToken: string): Promise<Tokens> {
    const fields = {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      resource: this.target.resource,
    };
    return (await this.#post(this.#paths.token, 200, fields)) as unknown as Tokens;
  }

  async introspect(token: string): Promise<void> {
    const answer = await this.#post(this.#paths.introspection, 200, { token });
    if (answer.active !== true) throw new Error('a live token is said to be dead');
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #post(path: string, expected: number, fields: Record<string, string>) {
    const answer = await this.#http.send({
      method: 'POST',
      path,
      headers: {
        authorization: this.#authorization,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(fields).toString(),
    });
    if (answer.status !== expected) throw new Error(`${path} answered ${answer.status}`);
    return JSON.parse(answer.body) as Record<string, unknown>;
  }
}

export interface SignedIn {
  readonly tokens: Tokens;
  /** The provider's session, as the browser sends it. */
  readonly cookies: Map<string, string>;
}

/** A first login of a person, through the pages; their session is what re-logins start from. */
export async function signIn(
  site: SiteLogin,
  visitor: Visitor,
  { sessionCookie, extra = {} }: { sessionCookie: string; extra?: Record<string, string> },
): Promise<SignedIn> {
  const browser = new Browser();
  const stopAt = new URL(site.target.redirectUri).origin;
  const through: Send = async (path) => {
    const { url } = await visit(browser, `${site.target.issuer}${path}`, visitor, { stopAt });
    return { status: 303, headers: { location: url.href }, body: '' };
  };
  const tokens = await site.login(through, extra);
  const cookies = new Map(
    [...browser.cookies]
      .map(([key, { value }]) => [key.split('|')[0] ?? '', value] as const)
      .filter(([name]) => name === sessionCookie || name === `${sessionCookie}.sig`),
  );
  return { tokens, cookies };
}
