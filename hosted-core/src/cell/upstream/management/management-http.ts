import { setTimeout as sleep } from 'node:timers/promises';
import type { OutboundFetch } from '../../../outbound/outbound-fetch.ts';
import { ManagementError, refusalOf } from './management-error.ts';

export interface ManagementOptions {
  /** Logto's own address, without `/oidc` and without a slash at the end. */
  readonly endpoint: string;
  /** Where the token comes from. Default `{endpoint}/oidc`; the bootstrap client's is the admin tenant's. */
  readonly issuer?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch: OutboundFetch;
  /** Requests a second at most. Default: as many as there are. */
  readonly requestsPerSecond?: number;
  /** First pause after a failure, in milliseconds; it doubles. Default 250. */
  readonly backoffMs?: number;
  readonly now?: () => number;
}

export interface ManagementAnswer {
  readonly body: unknown;
  /** `Total-Number`, on lists. */
  readonly total: number | undefined;
}

/** Fixed, whatever the host is called. */
const AUDIENCE = 'https://default.logto.app/api';
const ATTEMPTS = 4;
const RENEW_BEFORE_MS = 60_000;

/** Requests to the Management API: token, pace, and trying again where that can help. */
export class ManagementHttp {
  readonly #options: ManagementOptions;
  readonly #now: () => number;
  #token: { readonly value: Promise<string>; readonly until: number } | undefined;
  #nextAt = 0;
  /** Requests so far, for measurements. */
  requests = 0;

  constructor(options: ManagementOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
  }

  /** @throws ManagementError */
  async send(method: string, path: string, body?: unknown): Promise<ManagementAnswer> {
    // What is sent twice must do no more than once: a POST makes something, so it is not repeated.
    const attempts = method === 'POST' ? 1 : ATTEMPTS;
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#sendOnce(method, path, body);
      } catch (error) {
        const failure = error as ManagementError;
        if (failure.kind === 'unauthorized' && failure.code.startsWith('auth.') && !renewed) {
          // The token ran out, or its key was rotated away: once with a new one.
          renewed = true;
          this.#token = undefined;
          attempt -= 1;
        } else if (!failure.isTransient || attempt >= attempts) throw failure;
        else await this.#pause(attempt);
      }
    }
  }

  async #sendOnce(method: string, path: string, body: unknown): Promise<ManagementAnswer> {
    const token = await this.#accessToken();
    const init = {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const { response, parsed } = await this.#request(`${this.#options.endpoint}/api${path}`, init);
    if (!response.ok) throw refusalOf(response.status, parsed);
    const total = response.headers.get('total-number');
    return { body: parsed, total: total !== null && /^\d{1,12}$/.test(total) ? Number(total) : undefined };
  }

  #accessToken(): Promise<string> {
    if (this.#token && this.#now() < this.#token.until) return this.#token.value;
    // Noted before it is there, so that many who wait ask once.
    const value = this.#fetchToken();
    this.#token = { value, until: Number.POSITIVE_INFINITY };
    value.catch(() => {
      this.#token = undefined;
    });
    return value;
  }

  async #fetchToken(): Promise<string> {
    const { endpoint, issuer = `${endpoint}/oidc`, clientId, clientSecret } = this.#options;
    const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    const { response, parsed } = await this.#request(`${issuer}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        resource: AUDIENCE,
        scope: 'all',
      }).toString(),
    });
    if (!response.ok) throw refusalOf(response.status, parsed);
    const { access_token: token, expires_in: seconds, scope } = (parsed ?? {}) as Record<string, unknown>;
    if (typeof token !== 'string' || typeof seconds !== 'number') throw new ManagementError('unexpected');
    // Without the scope every call would be refused, so it is said here, where the cause is.
    if (scope !== 'all') throw new ManagementError('forbidden', { code: 'auth.forbidden', status: 403 });
    this.#token = { value: Promise.resolve(token), until: this.#now() + seconds * 1000 - RENEW_BEFORE_MS };
    return token;
  }

  async #request(url: string, init: Parameters<OutboundFetch>[1]) {
    await this.#turn();
    this.requests += 1;
    try {
      const response = await this.#options.fetch(url, init);
      return { response, parsed: parse(await response.text()) };
    } catch {
      throw new ManagementError('unavailable');
    }
  }

  /** Spreads requests evenly, so that our rounds are no burst to Logto. */
  async #turn(): Promise<void> {
    const { requestsPerSecond } = this.#options;
    if (!requestsPerSecond) return;
    const now = this.#now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + 1000 / requestsPerSecond;
    if (at > now) await sleep(at - now);
  }

  async #pause(attempt: number): Promise<void> {
    const { backoffMs = 250 } = this.#options;
    await sleep(backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
