import { type LogtoUser, readUser } from './logto-user.ts';
import { ManagementError } from './management-error.ts';
import { ManagementHttp, type ManagementOptions } from './management-http.ts';

export interface LogtoApplication {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly oidcClientMetadata: Readonly<Record<string, unknown>>;
  readonly customClientMetadata: Readonly<Record<string, unknown>>;
}

export type NewApplication = Omit<LogtoApplication, 'id'> & { readonly description: string };

export interface LogtoHook {
  readonly id: string;
  readonly name: string;
  readonly events: readonly string[];
  readonly config: { readonly url: string };
  readonly signingKey: string;
  readonly enabled: boolean;
}

/** What Logto noted about one event that it sent. */
export interface LogtoDelivery {
  readonly id: string;
  readonly createdAt: Date;
  /** It was not answered with success within ten seconds. */
  readonly failed: boolean;
  /** The event's body, with personal data in it. */
  readonly event: unknown;
}

export interface UserPage {
  readonly users: readonly LogtoUser[];
  /** All users, as the server counts them. */
  readonly total: number | undefined;
}

/** The most that the server gives at once. */
export const PAGE_SIZE = 100;

/** Logto's Management API, as far as we use it. Every method throws ManagementError. */
export class LogtoManagement {
  readonly #http: ManagementHttp;

  constructor(options: ManagementOptions) {
    this.#http = new ManagementHttp(options);
  }

  /** Requests so far, tokens included. */
  get requests(): number {
    return this.#http.requests;
  }

  /** `undefined` when there is no such user (any more). */
  async findUser(id: string): Promise<LogtoUser | undefined> {
    return orNothing(this.#http.send('GET', user(id)).then(({ body }) => readUser(body)));
  }

  /** One page, from 1; the addresses in `Link` lack the `/api`, so the next page is ours to count. */
  async listUsers(page: number): Promise<UserPage> {
    const { body, total } = await this.#http.send('GET', `/users?page=${page}&page_size=${PAGE_SIZE}`);
    return { users: listOf(body).map(readUser), total };
  }

  async suspendUser(id: string, isSuspended: boolean): Promise<void> {
    await this.#http.send('PATCH', `${user(id)}/is-suspended`, { isSuspended });
  }

  /** @returns `false` when there was no such user (any more) */
  async deleteUser(id: string): Promise<boolean> {
    return (await orNothing(this.#http.send('DELETE', user(id)))) !== undefined;
  }

  /** Names of the user's sessions. */
  async listSessions(id: string): Promise<string[]> {
    const { body } = await this.#http.send('GET', `${user(id)}/sessions`);
    return listOf(memberOf(body, 'sessions')).map((one) => String(memberOf(memberOf(one, 'payload'), 'uid')));
  }

  /** Ends a session and all that was granted in it; without the latter its refresh tokens would survive. */
  async endSession(id: string, uid: string): Promise<void> {
    const path = `${user(id)}/sessions/${encodeURIComponent(uid)}?revokeGrantsTarget=all`;
    await orNothing(this.#http.send('DELETE', path));
  }

  /** Ids of what the user granted. */
  async listGrants(id: string): Promise<string[]> {
    const { body } = await this.#http.send('GET', `${user(id)}/grants`);
    return listOf(memberOf(body, 'grants')).map((one) => String(memberOf(one, 'id')));
  }

  async revokeGrant(id: string, grantId: string): Promise<void> {
    const path = `${user(id)}/grants/${encodeURIComponent(grantId)}`;
    await orNothing(this.#http.send('DELETE', path));
  }

  async listApplications(): Promise<LogtoApplication[]> {
    return this.#all<LogtoApplication>('/applications');
  }

  async createApplication(wish: NewApplication): Promise<LogtoApplication> {
    return (await this.#http.send('POST', '/applications', wish)).body as LogtoApplication;
  }

  /** Replaces the top-level members that are given. */
  async updateApplication(id: string, change: Partial<NewApplication>): Promise<void> {
    await this.#http.send('PATCH', `/applications/${encodeURIComponent(id)}`, change);
  }

  /** The newest last. Creating an application does not tell its secret. */
  async applicationSecrets(id: string): Promise<{ name: string; value: string; createdAt: number }[]> {
    const { body } = await this.#http.send('GET', `/applications/${encodeURIComponent(id)}/secrets`);
    const secrets = listOf(body) as { name: string; value: string; createdAt: number }[];
    return secrets.toSorted((one, other) => one.createdAt - other.createdAt);
  }

  /** Another secret, beside those that are there. */
  async addApplicationSecret(id: string, name: string): Promise<string> {
    const path = `/applications/${encodeURIComponent(id)}/secrets`;
    return String(memberOf((await this.#http.send('POST', path, { name, expiresAt: null })).body, 'value'));
  }

  /** Lets a machine-to-machine application use this API. */
  async grantManagement(id: string): Promise<void> {
    const roles = await this.#all<{ id: string; name: string }>('/roles?type=MachineToMachine');
    const role = roles.find(({ name }) => name === 'Logto Management API access');
    if (!role) throw new ManagementError('not_found');
    await this.#http.send('POST', `/applications/${encodeURIComponent(id)}/roles`, { roleIds: [role.id] });
  }

  async listHooks(): Promise<LogtoHook[]> {
    return this.#all<LogtoHook>('/hooks');
  }

  /** What became of events that were sent lately, the newest first. */
  async listDeliveries(
    hookId: string,
    page: number,
  ): Promise<{ deliveries: LogtoDelivery[]; isLast: boolean }> {
    const path = `/hooks/${encodeURIComponent(hookId)}/recent-logs?page=${page}&page_size=${PAGE_SIZE}`;
    const rows = listOf((await this.#http.send('GET', path)).body);
    return { deliveries: rows.map(readDelivery), isLast: rows.length < PAGE_SIZE };
  }

  async createHook(wish: { name: string; events: readonly string[]; url: string }): Promise<LogtoHook> {
    const { name, events, url } = wish;
    return (await this.#http.send('POST', '/hooks', { name, enabled: true, events, config: { url } }))
      .body as LogtoHook;
  }

  async deleteHook(id: string): Promise<void> {
    await orNothing(this.#http.send('DELETE', `/hooks/${encodeURIComponent(id)}`));
  }

  /** The old key is worth nothing from this moment on. @returns the new one */
  async rotateHookKey(id: string): Promise<string> {
    const path = `/hooks/${encodeURIComponent(id)}/signing-key`;
    return String(memberOf((await this.#http.send('PATCH', path)).body, 'signingKey'));
  }

  async #all<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    for (let page = 1; ; page += 1) {
      const query = `${path.includes('?') ? '&' : '?'}page=${page}&page_size=${PAGE_SIZE}`;
      const rows = listOf((await this.#http.send('GET', `${path}${query}`)).body) as T[];
      found.push(...rows);
      if (rows.length < PAGE_SIZE) return found;
    }
  }
}

function readDelivery(row: unknown): LogtoDelivery {
  const createdAt = new Date(Number(memberOf(row, 'createdAt')));
  if (Number.isNaN(createdAt.getTime())) throw new ManagementError('unexpected');
  const payload = memberOf(row, 'payload');
  return {
    ...{ id: String(memberOf(row, 'id')), createdAt },
    failed: memberOf(payload, 'result') === 'Error',
    event: memberOf(memberOf(payload, 'hookRequest'), 'body'),
  };
}

function user(id: string): string {
  return `/users/${encodeURIComponent(id)}`;
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new ManagementError('unexpected');
  return value;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ManagementError && error.kind === 'not_found') return undefined;
    throw error;
  }
}
