import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createUserref } from '../src/index.ts';
import { FakeCore, sessionCookie, USER_REF } from '../testing/index.ts';
import { CookieJar } from './support/cookie-jar.ts';
import { quickstartOf } from './support/readme.ts';
import { SESSION_SECRET, WEBHOOK_SECRET } from './support/site.ts';

const core = new FakeCore({ site: 'cms-shop-123' });
const network = setupServer(...core.handlers(http));

beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
afterAll(() => network.close());

it('the quickstart of the README signs a visitor in', async () => {
  vi.stubEnv('USERREF_SITE_SECRET', core.siteSecret);
  vi.stubEnv('USERREF_SESSION_SECRET', SESSION_SECRET);
  vi.stubEnv('USERREF_WEBHOOK_SECRET', WEBHOOK_SECRET);
  const code = quickstartOf(new URL('../README.md', import.meta.url)).replace('export async', 'return async');
  const handle: (request: Request) => Promise<Response> = new Function('createUserref', code)(createUserref);

  const jar = new CookieJar();
  const visit = async (path: string) => {
    const headers = { cookie: jar.header };
    const response = await handle(new Request(new URL(path, 'https://shop.example'), { headers }));
    jar.store(response.headers.getSetCookie());
    return response;
  };
  const toLogin = await visit('/');
  const toCore = await visit(toLogin.headers.get('location') ?? '');
  const back = core.signIn(toCore.headers.get('location') ?? '');
  const home = await visit(back.pathname + back.search);
  expect(await (await visit(home.headers.get('location') ?? '')).text()).toBe(`Hello ${USER_REF}`);
});

it('the README’s test of a site runs as it stands', async () => {
  const code = quickstartOf(new URL('../README.md', import.meta.url), '## Testing your site');
  const run = new Function(
    ...['createUserref', 'FakeCore', 'sessionCookie'],
    `return (async () => {${code}; return { email: shared.get('contact:email'), after: await userref.readSession(header) }; })()`,
  );
  expect(await run(createUserref, FakeCore, sessionCookie)).toEqual({
    email: 'amber@sample.example',
    after: null,
  });
});
