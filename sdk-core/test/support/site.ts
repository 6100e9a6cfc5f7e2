import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createUserref, type Userref, type UserrefOptions } from '../../src/index.ts';
import { FakeCore } from '../../testing/index.ts';
import { CookieJar } from './cookie-jar.ts';

export const SESSION_SECRET = 'a session secret with more than 32 characters';
export const WEBHOOK_SECRET = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;

/** A clock that tests move. */
export class TestClock {
  seconds = 1_767_225_600;
  readonly now = () => this.seconds;
  readonly clock = () => new Date(this.seconds * 1000);
}

export interface TestSite {
  readonly core: FakeCore;
  readonly clock: TestClock;
  readonly create: (options?: Partial<UserrefOptions>) => Userref;
}

/** A core behind msw for the tests of a file; everything that is not the core or the cell is refused. */
export function useTestSite(): TestSite {
  const clock = new TestClock();
  const core = new FakeCore({ clock: clock.clock });
  core.person.shares = false;
  const server = setupServer(...core.handlers(http));
  beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
  afterEach(() => {
    core.bends = { replies: {} };
    core.calls.length = 0;
  });
  afterAll(() => server.close());
  const create = (options: Partial<UserrefOptions> = {}) =>
    createUserref({ ...optionsFor(core, clock), ...options });
  return { core, clock, create };
}

export function optionsFor(core: FakeCore, clock: TestClock): UserrefOptions {
  return {
    issuer: core.issuer,
    site: core.site,
    siteSecret: core.siteSecret,
    baseUrl: 'https://shop.example',
    sessionSecret: SESSION_SECRET,
    webhookSecret: WEBHOOK_SECRET,
    clock: clock.clock,
  };
}

/** A browser that has signed in. */
export async function signedIn(userref: Userref, core: FakeCore, jar = new CookieJar()): Promise<CookieJar> {
  const started = await userref.startLogin({ cookieHeader: jar.header });
  jar.store(started.setCookies);
  const finished = await userref.finishLogin({
    url: core.signIn(started.url).href,
    cookieHeader: jar.header,
  });
  return jar.store(finished.setCookies);
}

/** The code of the error that `work` ends with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error) => error.code ?? String(error),
  );
}
