import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openShopDatabase } from '@userref/example-express-shop/parts/shop-database.ts';
import { sqliteRevocationStore } from '@userref/example-express-shop/parts/sqlite-revocation-store.ts';
import type { UserrefOptions } from '@userref/sdk-core';
import {
  type FakeCore,
  serveFakeCore,
  sessionCookie,
  type TestSession,
  testWebhook,
} from '@userref/sdk-core/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { freePort } from '../../../hosted-core/test/support/free-port.ts';
import { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import { load, type Visit } from '../../../sdk-express/test/support/browser.ts';
import type { BuiltShop } from './build-shop.ts';
import { type RunningShop, startBuiltShop } from './running-shop.ts';

export const SITE = 'next-shop';
export const CANARY = 'Canary Lane 4711';
export const ADDRESS = { street_address: CANARY, locality: 'Sampletown', country: 'NL' };
const SESSION_SECRET = 'a session secret with more than 32 characters';

export interface ShopUnderTest {
  readonly core: FakeCore;
  readonly shop: RunningShop;
  readonly options: UserrefOptions;
  /** One request, as a browser's page load that follows nothing. */
  visit(path: string, visit?: Visit): Promise<Response>;
  /** A browser that has signed in by the login of the shop. */
  signIn(jar?: CookieJar, path?: string): Promise<CookieJar>;
  /** A browser with a session that says what it shares, without a login. */
  withSession(session?: TestSession): Promise<CookieJar>;
  /** Delivers an event to the shop. */
  deliver(type: 'session.revoked' | 'access.revoked', data: Record<string, unknown>): Promise<Response>;
}

/** Headers of the router of Next.js that fetches a page to show it without loading it. */
export const ROUTER_FETCH = { accept: '*/*', rsc: '1', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };

/** A page as the router gets it: Next 16 first sends it to an address of the answer's own. */
export async function routerFetch({ visit }: ShopUnderTest, path: string, jar: CookieJar): Promise<Response> {
  const response = await visit(path, { jar, headers: ROUTER_FETCH });
  const location = response.headers.get('location') ?? '';
  return location.endsWith('?_rsc') ? visit(location, { jar, headers: ROUTER_FETCH }) : response;
}

/** A built shop that runs, with a core and cell that are no servers of ours to break. */
export function useShop(built: BuiltShop): ShopUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'userref-next-'));
  const databaseFile = join(folder, 'shop.sqlite');
  const parts = {} as { core: FakeCore; shop: RunningShop; options: UserrefOptions };
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const { core, stop } = await serveFakeCore({ site: SITE });
    stops.push(stop);
    const store = await serveStore(databaseFile);
    stops.push(store.stop);
    const options = { ...core.options, baseUrl: url, sessionSecret: SESSION_SECRET };
    const env = { ...environmentOf(options), SHOP_DATABASE_FILE: databaseFile, TEST_STORE_URL: store.url };
    const shop = await startBuiltShop(built, { port, env });
    stops.push(() => shop.stop());
    Object.assign(parts, { core, shop, options });
  });
  beforeEach(() => {
    parts.core.consented = {};
    parts.core.person.attributes['address:shipping'] = ADDRESS;
    parts.core.person.shares = false;
    parts.core.person.sid = newSid();
  });
  afterEach(() => {
    parts.core.bends = { replies: {} };
    parts.core.calls.length = 0;
  });
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const under: ShopUnderTest = {
    get core() {
      return parts.core;
    },
    get shop() {
      return parts.shop;
    },
    get options() {
      return parts.options;
    },
    visit: (path, visit) => load(parts.shop.url + path, visit),
    async signIn(jar = new CookieJar(), path = '/userref/login') {
      const started = await under.visit(path, { jar });
      const back = parts.core.signIn(started.headers.get('location') ?? '');
      await under.visit(back.pathname + back.search, { jar });
      return jar;
    },
    async withSession(session = {}) {
      const { name, value } = await sessionCookie(parts.options, { sid: newSid(), ...session });
      return new CookieJar().set(name, value);
    },
    async deliver(type, data) {
      const { headers, body } = await testWebhook({ type, data }, parts.core.webhookSecret);
      return under.visit('/userref/webhook', { method: 'POST', headers, body });
    },
  };
  return under;
}

export function environmentOf(options: UserrefOptions): Record<string, string> {
  return {
    USERREF_ISSUER: options.issuer,
    USERREF_SITE: options.site,
    USERREF_SITE_SECRET: options.siteSecret,
    USERREF_BASE_URL: options.baseUrl,
    USERREF_SESSION_SECRET: String(options.sessionSecret),
    USERREF_WEBHOOK_SECRET: String(options.webhookSecret),
  };
}

let sessions = 0;
/** Each session of its own: what one test revokes is no other's. */
export function newSid(): string {
  sessions += 1;
  return `sidOfTest${String(sessions).padStart(7, '0')}`;
}

/** The shop's revocations for runtimes that cannot open its database. */
async function serveStore(databaseFile: string): Promise<{ url: string; stop(): Promise<unknown> }> {
  const database = openShopDatabase(databaseFile);
  const store = sqliteRevocationStore(database);
  const isRevoked = async (query: URLSearchParams): Promise<boolean> => {
    const [sid = '', userRef = ''] = ['sid', 'user_ref'].map((name) => query.get(name) ?? '');
    return store.isRevoked({ sid, userRef, issuedAt: Number(query.get('issued_at')) });
  };
  const server: Server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    void isRevoked(searchParams).then((answer) => response.end(JSON.stringify(answer)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      database.close();
    },
  };
}
