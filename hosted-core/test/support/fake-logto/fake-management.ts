import { asRecorded, type FakeAnswer, type FakeRequest } from './fake-answer.ts';
import { json } from './fake-oidc.ts';
import { type FakeApplication, type FakeHook, type FakeState, newId } from './fake-state.ts';

const ROLE = '3qm2v1pbdxsm11ztc2ll8';

type Route = [
  method: string,
  pattern: RegExp,
  answer: (request: FakeRequest, id: string, other: string) => FakeAnswer,
];

/** The part of the Management API that was recorded. What was not recorded is an unknown route. */
export class FakeManagement {
  readonly #state: FakeState;
  readonly #origin: string;

  constructor(state: FakeState, origin: string) {
    this.#state = state;
    this.#origin = origin;
  }

  answer(request: FakeRequest): FakeAnswer | undefined {
    if (!request.url.pathname.startsWith('/api/')) return undefined;
    const refused = this.#refusal(request);
    if (refused) return refused;
    const path = request.url.pathname.slice('/api'.length);
    for (const [method, pattern, answer] of this.#routes) {
      const match = method === request.method ? pattern.exec(path) : null;
      if (match) return answer(request, match[1] ?? '', match[2] ?? '');
    }
    return asRecorded('management-errors', 'unknown route');
  }

  #refusal({ headers }: FakeRequest): FakeAnswer | undefined {
    const { authorization } = headers;
    if (!authorization) return asRecorded('management-errors', 'no Authorization header');
    if (!authorization.startsWith('Bearer ')) return asRecorded('management-errors', 'non-Bearer scheme');
    const token = this.#state.managementTokens.get(authorization.slice(7));
    if (!token) return asRecorded('management-errors', 'garbage bearer');
    if (token.expiresAt <= this.#state.now()) return asRecorded('management-errors', 'expired access token');
    return token.scope === 'all' ? undefined : asRecorded('management-errors', 'token without the all scope');
  }

  readonly #routes: Route[] = [
    ['GET', /^\/users$/, (request) => this.#page(request, [...this.#state.users.values()].reverse())],
    ['GET', /^\/users\/(\w+)$/, (_, id) => this.#user(id)],
    ['DELETE', /^\/users\/(\w+)$/, (_, id) => this.#deleteUser(id)],
    ['PATCH', /^\/users\/(\w+)\/is-suspended$/, (request, id) => this.#suspend(id, request)],
    ['GET', /^\/users\/(\w+)\/sessions$/, (_, id) => this.#sessionsOf(id)],
    [
      'DELETE',
      /^\/users\/(\w+)\/sessions\/(.+)$/,
      (request, id, uid) => this.#deleteSession(request, id, uid),
    ],
    ['GET', /^\/users\/(\w+)\/grants$/, (_, id) => this.#grantsOf(id)],
    ['DELETE', /^\/users\/(\w+)\/grants\/(.+)$/, (_, id, grant) => this.#deleteGrant(id, grant)],
    [
      'GET',
      /^\/roles$/,
      () => asRecorded('management-applications', 'list roles (find Management API access role)'),
    ],
    ['GET', /^\/applications$/, (request) => this.#applications(request)],
    ['POST', /^\/applications$/, (request) => this.#createApplication(request)],
    ['GET', /^\/applications\/([\w-]+)$/, (_, id) => this.#application(id)],
    ['PATCH', /^\/applications\/([\w-]+)$/, (request, id) => this.#patchApplication(id, request)],
    ['POST', /^\/applications\/([\w-]+)\/roles$/, (request, id) => this.#assignRole(id, request)],
    ['GET', /^\/applications\/([\w-]+)\/secrets$/, (_, id) => json(200, this.#secrets(id))],
    ['POST', /^\/applications\/([\w-]+)\/secrets$/, (request, id) => this.#addSecret(id, request)],
    ['GET', /^\/hooks$/, (request) => this.#page(request, [...this.#state.hooks.values()])],
    ['POST', /^\/hooks$/, (request) => this.#createHook(request)],
    ['DELETE', /^\/hooks\/(\w+)$/, (_, id) => this.#deleteHook(id)],
    ['GET', /^\/hooks\/(\w+)\/recent-logs$/, (request, id) => this.#recentLogs(request, id)],
    ['PATCH', /^\/hooks\/(\w+)\/signing-key$/, (_, id) => this.#rotateKey(id)],
  ];

  /** Like Logto, with `Link` addresses that lack the `/api` and lead nowhere. */
  #page({ url }: FakeRequest, all: readonly object[]): FakeAnswer {
    const page = Number(url.searchParams.get('page') ?? 1);
    const size = Number(url.searchParams.get('page_size') ?? 20);
    if (!(page >= 1) || !(size >= 1) || size > 100)
      return asRecorded('management-errors', 'page_size above 100');
    const next = `<${this.#origin}${url.pathname.slice('/api'.length)}?page=${page + 1}&page_size=${size}>; rel="next"`;
    const rows = all.slice((page - 1) * size, page * size);
    const answer = json(200, rows);
    return { ...answer, headers: { ...answer.headers, 'total-number': String(all.length), link: next } };
  }

  #user(id: string): FakeAnswer {
    const user = this.#state.users.get(id);
    return user ? json(200, user) : asRecorded('management-errors', 'user not found');
  }

  #deleteUser(id: string): FakeAnswer {
    if (!this.#state.users.delete(id))
      return asRecorded('management-errors', 'delete user that does not exist');
    this.#state.endEverythingOf(id);
    return asRecorded('user-lifecycle', 'delete user');
  }

  #suspend(id: string, { body }: FakeRequest): FakeAnswer {
    const user = this.#state.users.get(id);
    if (!user) return asRecorded('management-errors', 'patch user that does not exist');
    user.isSuspended = (JSON.parse(body) as { isSuspended: boolean }).isSuspended;
    user.updatedAt = this.#state.now();
    if (user.isSuspended) this.#state.endEverythingOf(id);
    return json(200, user);
  }

  #sessionsOf(userId: string): FakeAnswer {
    const sessions = [...this.#state.sessions.values()].filter((one) => one.userId === userId);
    return json(200, {
      sessions: sessions.map(({ uid, authTime }) => ({
        payload: { uid, kind: 'Session', loginTs: authTime, accountId: userId },
        lastSubmission: null,
        accountId: userId,
      })),
    });
  }

  #deleteSession({ url }: FakeRequest, userId: string, uid: string): FakeAnswer {
    const session = [...this.#state.sessions.values()].find(
      (one) => one.userId === userId && one.uid === uid,
    );
    if (!session) return asRecorded('management-sessions-grants', 'delete a session that does not exist');
    this.#state.sessions.delete(session.cookie);
    if (url.searchParams.get('revokeGrantsTarget') === 'all')
      for (const grant of [...this.#state.grants.values()])
        if (grant.session === session) this.#state.endGrant(grant.id);
    return asRecorded('management-sessions-grants', 'delete a session with revokeGrantsTarget=all');
  }

  #grantsOf(userId: string): FakeAnswer {
    const grants = [...this.#state.grants.values()].filter((grant) => grant.userId === userId);
    return json(200, {
      grants: grants.map(({ id, clientId, scope }) => ({ id, payload: { clientId, openid: { scope } } })),
    });
  }

  #deleteGrant(userId: string, grantId: string): FakeAnswer {
    if (this.#state.grants.get(grantId)?.userId !== userId)
      return asRecorded('management-sessions-grants', 'revoke a grant that does not exist');
    this.#state.endGrant(grantId);
    return asRecorded('management-sessions-grants', 'revoke one grant');
  }

  #applications(request: FakeRequest): FakeAnswer {
    const { searchParams } = request.url;
    const types = searchParams.getAll('types');
    const all = [...this.#state.applications.values()].filter(
      ({ type }) => types.length === 0 || types.includes(type),
    );
    return searchParams.has('page') || searchParams.has('page_size')
      ? this.#page(request, all)
      : json(200, all);
  }

  #createApplication({ body }: FakeRequest): FakeAnswer {
    const wish = JSON.parse(body) as Partial<FakeApplication>;
    const uris = wish.oidcClientMetadata?.redirectUris ?? [];
    if (uris.some((uri) => !URL.canParse(uri)))
      return asRecorded('management-applications', 'invalid redirect URI');
    return json(200, addApplication(this.#state, wish));
  }

  #application(id: string): FakeAnswer {
    const application = this.#state.applications.get(id);
    return application
      ? json(200, { ...application, isAdmin: false })
      : asRecorded('management-errors', 'application not found');
  }

  #patchApplication(id: string, { body }: FakeRequest): FakeAnswer {
    const application = this.#state.applications.get(id);
    if (!application) return asRecorded('management-errors', 'application not found');
    return json(200, Object.assign(application, JSON.parse(body)));
  }

  #assignRole(id: string, { body }: FakeRequest): FakeAnswer {
    const { roleIds } = JSON.parse(body) as { roleIds: string[] };
    if (roleIds.includes(ROLE)) this.#state.managers.add(id);
    const added = { roleIds, addedRoleIds: roleIds };
    return asRecorded('management-applications', 'assign the role to the M2M app', { body: added });
  }

  #secrets(id: string) {
    const secrets = this.#state.secrets.get(id) ?? [];
    return secrets.map((secret) => ({ tenantId: 'default', applicationId: id, ...secret, expiresAt: null }));
  }

  #addSecret(id: string, { body }: FakeRequest): FakeAnswer {
    const { name } = JSON.parse(body) as { name: string };
    this.#state.secrets.get(id)?.push({ name, value: newId(32), createdAt: this.#state.now() });
    return json(201, this.#secrets(id).at(-1));
  }

  #createHook({ body }: FakeRequest): FakeAnswer {
    const wish = JSON.parse(body) as Pick<FakeHook, 'name' | 'events' | 'config'>;
    const known = recordedEvents();
    if (wish.events.some((event) => !known.has(event)))
      return asRecorded('management-hooks', 'create webhook with an unknown event');
    const hook: FakeHook = {
      ...{ tenantId: 'default', id: newId(21), name: wish.name, event: null, events: wish.events },
      ...{ config: wish.config, signingKey: newId(32), enabled: true, createdAt: this.#state.now() },
    };
    this.#state.hooks.set(hook.id, hook);
    return json(201, hook);
  }

  #deleteHook(id: string): FakeAnswer {
    if (!this.#state.hooks.delete(id)) return asRecorded('management-errors', 'user not found');
    return asRecorded('management-hooks', 'delete a webhook');
  }

  #recentLogs(request: FakeRequest, id: string): FakeAnswer {
    return this.#page(
      request,
      this.#state.deliveries.filter(({ payload }) => payload.hookId === id),
    );
  }

  #rotateKey(id: string): FakeAnswer {
    const hook = this.#state.hooks.get(id);
    if (!hook) return asRecorded('management-errors', 'user not found');
    hook.signingKey = newId(32);
    return json(200, hook);
  }
}

export function addApplication(state: FakeState, wish: Partial<FakeApplication>): FakeApplication {
  const application: FakeApplication = {
    ...{
      tenantId: 'default',
      id: newId(21),
      name: wish.name ?? 'unnamed',
      description: wish.description ?? null,
    },
    ...{ type: wish.type ?? 'Traditional', customClientMetadata: wish.customClientMetadata ?? {} },
    oidcClientMetadata: wish.oidcClientMetadata ?? { redirectUris: [], postLogoutRedirectUris: [] },
    ...{ protectedAppMetadata: null, customData: {}, isThirdParty: wish.isThirdParty ?? false },
    ...{ appLevelAccessControlEnabled: false, createdAt: state.now() },
  };
  state.applications.set(application.id, application);
  state.secrets.set(application.id, [{ name: 'Default secret', value: newId(32), createdAt: state.now() }]);
  return application;
}

/** Every event that the recorded Logto names when it refuses an unknown one. */
function recordedEvents(): Set<string> {
  const refusal = JSON.parse(asRecorded('management-hooks', 'create webhook with an unknown event').body) as {
    data: { issues: { options: string[] }[] };
  };
  return new Set(refusal.data.issues[0]?.options);
}
