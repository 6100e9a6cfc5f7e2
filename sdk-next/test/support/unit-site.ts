import { FakeCore, sessionCookie, type TestSession } from '@userref/sdk-core/testing';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { NextRequest } from 'next/server';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import type { GivenOptions } from '../../src/index.ts';

export const BASE_URL = 'https://shop.example';
export const PAGE_LOAD = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-mode': 'navigate' };

export interface UnitSite {
  readonly core: FakeCore;
  readonly options: Omit<GivenOptions, 'renderError'> & {
    readonly baseUrl: string;
    readonly sessionSecret: string;
  };
  /** The session cookie of a visitor, as a `Cookie` header. */
  cookie(session?: TestSession): Promise<string>;
  request(
    path: string,
    init?: { method?: string; headers?: Record<string, string>; body?: string },
  ): NextRequest;
}

let sites = 0;

/** A core behind msw, and options for a site of its own: the store of revocations is the process's. */
export function unitSite(): UnitSite {
  sites += 1;
  const core = new FakeCore({ site: `site-${process.pid}-${sites}-${Date.now()}` });
  const network = setupServer(...core.handlers(http));
  const options = {
    ...core.options,
    baseUrl: BASE_URL,
    sessionSecret: 'a session secret of 32 characters or more',
  };
  beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
  beforeEach(() => {
    core.person.shares = false;
    core.consented = {};
  });
  afterEach(() => {
    core.bends = { replies: {} };
    core.calls.length = 0;
    vi.unstubAllEnvs();
  });
  afterAll(() => network.close());
  return {
    core,
    options,
    cookie: async (session = {}) => (await sessionCookie(options, session)).header,
    request: (path, { method = 'GET', headers = {}, body } = {}) =>
      new NextRequest(new URL(path, 'http://0.0.0.0:3000'), {
        method,
        headers: { ...PAGE_LOAD, ...headers },
        ...(body === undefined ? {} : { body }),
      }),
  };
}

/** What a browser keeps of an answer. */
export function jarOf(response: Response, jar = new CookieJar()): CookieJar {
  return jar.store(response.headers.getSetCookie());
}
