import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeCore } from '@userref/sdk-core/testing';
import express, { type Express } from 'express';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';
import { optionsFor, TestClock } from '../../../sdk-core/test/support/site.ts';
import {
  type ExpressUserrefOptions,
  type RevokedEvent,
  requireConsent,
  requireUser,
  userref,
  userrefErrors,
} from '../../src/index.ts';
import { load, type Visit } from './browser.ts';

export interface Shop {
  readonly core: FakeCore;
  readonly clock: TestClock;
  readonly revoked: RevokedEvent[];
  readonly url: string;
  /** Replaces the shop's app; without arguments it is the usual one. */
  open(options?: Partial<ExpressUserrefOptions>, build?: (app: Express) => void): void;
  /** One request, as a browser that follows nothing. */
  visit(path: string, visit?: Visit): Promise<Response>;
  /** A browser that has signed in. */
  signIn(jar?: CookieJar, path?: string): Promise<CookieJar>;
}

/** An Express shop over real HTTP, its core and cell behind msw. */
export function useShop(): Shop {
  const clock = new TestClock();
  const core = new FakeCore({ clock: clock.clock });
  core.person.shares = false;
  const network = setupServer(...core.handlers(http));
  const revoked: RevokedEvent[] = [];
  let server: Server;
  let app: Express;
  let url = '';

  const shop: Shop = {
    core,
    clock,
    revoked,
    get url() {
      return url;
    },
    open(options = {}, build = usualPages) {
      app = express();
      const onRevoked = (event: RevokedEvent) => void revoked.push(event);
      app.use(userref({ ...optionsFor(core, clock), baseUrl: url, onRevoked, ...options }));
      build(app);
      app.use(userrefErrors());
    },
    visit: (path, visit) => load(url + path, visit),
    async signIn(jar = new CookieJar(), path = '/userref/login') {
      const started = await shop.visit(path, { jar });
      const back = core.signIn(started.headers.get('location') ?? '');
      await shop.visit(back.pathname + back.search, { jar });
      return jar;
    },
  };

  beforeAll(async () => {
    network.listen({ onUnhandledFrame: 'bypass' });
    server = createServer((request, response) => app(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    core.consented = { 'profile:name': 'Sample Person Amber' };
    revoked.length = 0;
    shop.open();
  });
  afterEach(() => {
    core.bends = { replies: {} };
    core.calls.length = 0;
  });
  afterAll(() => {
    network.close();
    return new Promise((resolve) => server.close(resolve));
  });
  return shop;
}

function usualPages(app: Express): void {
  app.get('/', (request, response) => {
    response.json({ user: request.userref.user });
  });
  app.get('/account', requireUser(), (request, response) => {
    response.json({ userRef: request.userref.user?.userRef });
  });
  const delivery = { purpose: 'order_delivery', optional: ['contact:email'] };
  // Express 4 does not catch rejected promises, so errors go to `next`.
  app.get('/order', requireConsent(['address:shipping'], delivery), (request, response, next) => {
    request.userref
      .fetchAttributes(['address:shipping'], delivery)
      .then((shared) => response.json({ address: shared.get('address:shipping'), logged: shared }), next);
  });
  app.get('/email', (request, response, next) => {
    request.userref
      .fetchAttributes(['contact:email'], delivery)
      .then((shared) => response.json({ email: shared.get('contact:email') }), next);
  });
  app.get('/sign-in-here', (_request, response, next) => {
    response.userref.login({ returnTo: '/account' }).catch(next);
  });
  app.post('/leave', (_request, response, next) => {
    response.userref.logout().catch(next);
  });
  app.get('/broken', () => {
    throw new Error('not of the SDK');
  });
}
