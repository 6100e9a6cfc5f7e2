import { describe, expect, it } from 'vitest';
import { createAdapter, incomingOf, toResponse } from '../src/adapter/index.ts';
import { USER_REF } from '../testing/index.ts';
import { CookieJar } from './support/cookie-jar.ts';
import { optionsFor, useTestSite } from './support/site.ts';

const { core, clock } = useTestSite();
const ORIGIN = 'https://shop.example';
const adapter = createAdapter({ ...optionsFor(core, clock), baseUrl: ORIGIN });

/** A site of plain `Request`s and `Response`s. */
async function visit(path: string, jar: CookieJar, init: RequestInit = {}): Promise<Response> {
  const headers = { accept: 'text/html', cookie: jar.header, ...(init.headers as Record<string, string>) };
  const incoming = incomingOf(new Request(ORIGIN + path, { ...init, headers }));
  const response = toResponse(adapter.owns(path) ? await adapter.handle(incoming) : await page(incoming));
  jar.store(response.headers.getSetCookie());
  return response;
}

async function page(incoming: ReturnType<typeof incomingOf>) {
  const visitor = await adapter.beginVisit(incoming);
  const refused = await visitor.requireUser();
  return refused ?? { status: 200, headers: {}, setCookies: [], body: visitor.user?.userRef ?? null };
}

async function signIn(path: string, jar: CookieJar): Promise<Response> {
  const started = await visit(path, jar);
  const back = core.signIn(started.headers.get('location') ?? '');
  return visit(back.pathname + back.search, jar);
}

describe('an adapter for a framework of the Fetch standard', () => {
  it('signs a visitor in from a guarded page and back to it', async () => {
    const jar = new CookieJar();
    const finished = await signIn('/account?tab=orders', jar);
    expect([finished.status, finished.headers.get('location')]).toEqual([303, '/account?tab=orders']);
    expect(await (await visit('/account', jar)).text()).toBe(USER_REF);
  });

  it('signs out by a form of the site, and by nobody else', async () => {
    const jar = new CookieJar();
    await signIn('/account', jar);
    const foreign = await visit('/userref/logout', jar, { method: 'POST' });
    expect([foreign.status, await foreign.text()]).toEqual([403, expect.stringContaining('csrf_rejected')]);
    const headers = { 'sec-fetch-site': 'same-origin' };
    expect((await visit('/userref/logout', jar, { method: 'POST', headers })).status).toBe(303);
    expect((await visit('/account', jar)).status).toBe(303);
  });

  it('owns its five addresses with any method and query, and no other', () => {
    const own = ['login', 'callback', 'logout', 'webhook', 'backchannel-logout'];
    for (const name of own) expect([name, adapter.owns(`/userref/${name}?a=b`)]).toEqual([name, true]);
    for (const path of ['/', '/userref', '/userref/login/', '/account?x=/userref/login', '//userref/login']) {
      expect([path, adapter.owns(path)]).toEqual([path, false]);
    }
  });

  it('gives a path that starts a login where no cookie can be set, and notices loops there', async () => {
    const path = adapter.loginPath({ returnTo: '/a?b=c&d', startedBy: 'page' });
    expect(path).toBe('/userref/login?return_to=%2Fa%3Fb%3Dc%26d&started_by=page');
    const jar = new CookieJar();
    const statuses = [];
    for (let count = 0; count < 6; count += 1) statuses.push((await visit(path, jar)).status);
    expect(statuses).toEqual([303, 303, 303, 303, 303, 400]);
  });

  it.each(['sec-purpose', 'next-router-prefetch', 'x-middleware-prefetch'])(
    'neither starts nor ends anything for a request ahead of time (%s)',
    async (name) => {
      const headers = { [name]: name.startsWith('sec') ? 'prefetch' : '1', 'sec-fetch-site': 'same-origin' };
      const jar = new CookieJar();
      expect((await visit('/userref/login', jar, { headers })).status).toBe(503);
      expect((await visit('/account', jar, { headers })).status).toBe(503);
      expect((await visit('/userref/logout', jar, { method: 'POST', headers })).status).toBe(503);
      expect(core.calls).toHaveLength(0);
    },
  );

  it('refuses events whose body was read before it saw them, or is larger than an event', async () => {
    const request = new Request(`${ORIGIN}/userref/webhook`, { method: 'POST', body: '{}' });
    await request.text();
    const read = await adapter.handle(incomingOf(request));
    expect([read.status, JSON.parse(read.body ?? '').code]).toEqual([500, 'webhook_body_parsed']);
    const body = new Blob(['x'.repeat(65_537)]).stream();
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const large = await adapter.handle(incomingOf(new Request(`${ORIGIN}/userref/webhook`, init)));
    expect(large.status).toBe(413);
  });

  it('answers 404 when it is handed an address that is not its own', async () => {
    const answer = await adapter.handle(incomingOf(new Request(`${ORIGIN}/account`)));
    expect([answer.status, JSON.parse(answer.body ?? '').code]).toEqual([404, 'not_found']);
  });
});
