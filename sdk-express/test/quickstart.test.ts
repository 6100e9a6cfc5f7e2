import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeCore, USER_REF } from '@userref/sdk-core/testing';
import express from 'express';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CookieJar } from '../../sdk-core/test/support/cookie-jar.ts';
import { quickstartOf } from '../../sdk-core/test/support/readme.ts';
import { SESSION_SECRET, WEBHOOK_SECRET } from '../../sdk-core/test/support/site.ts';
import * as sdk from '../src/index.ts';
import { load } from './support/browser.ts';

const core = new FakeCore({ site: 'cms-shop-123' });
core.person.shares = false;
const network = setupServer(...core.handlers(http));

beforeAll(() => network.listen({ onUnhandledFrame: 'bypass' }));
afterAll(() => network.close());

it('the quickstart of the README signs a visitor in and shows an address', async () => {
  vi.stubEnv('USERREF_SITE_SECRET', core.siteSecret);
  vi.stubEnv('USERREF_SESSION_SECRET', SESSION_SECRET);
  vi.stubEnv('USERREF_WEBHOOK_SECRET', WEBHOOK_SECRET);
  const code = quickstartOf(new URL('../README.md', import.meta.url)).replace(
    'app.listen(3000)',
    'return app',
  );
  const app = new Function('express', ...Object.keys(sdk), code)(express, ...Object.values(sdk));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const jar = new CookieJar();
  const signIn = async (path: string) => {
    const toCore = await load(url + path, { jar });
    const back = core.signIn(toCore.headers.get('location') ?? '');
    await load(url + back.pathname + back.search, { jar });
    return (await load(url + path, { jar })).text();
  };
  expect(await signIn('/account')).toBe(`Hello ${USER_REF}`);
  core.consented['address:shipping'] = { locality: 'Sampletown' };
  expect(await signIn('/order')).toBe('{"locality":"Sampletown"}');
  await new Promise((resolve) => server.close(resolve));
});
