import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLiveTabs, type LiveTabs } from '../src/live.ts';

let tabs: LiveTabs;
let server: Server;
let closed: Promise<unknown>;

beforeEach(async () => {
  tabs = createLiveTabs();
  server = createServer((req, raw) => {
    const [userRef = '', sid = ''] = (req.url ?? '').slice(1).split('/');
    // The two helpers of Express that a stream needs.
    const res = Object.assign(raw, {
      status: (code: number) => Object.assign(raw, { statusCode: code }),
      set: (headers: Record<string, string>) => raw.setHeaders(new Headers(headers)),
    });
    closed = once(raw, 'close');
    tabs.open(res as unknown as Response, { userRef, sid });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  tabs.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const open = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`);

describe('open pages', () => {
  it('hear of the end of their own session only', async () => {
    const [first, second] = await Promise.all([open('ppid_a/s1'), open('ppid_a/s2'), open('ppid_b/s3')]);
    expect(first?.headers.get('content-type')).toBe('text/event-stream');
    expect(tabs.end({ userRef: 'ppid_a', sid: 's1' })).toBe(1);
    expect(await first?.text()).toContain('event: signed-out');
    expect(tabs.end({ userRef: 'ppid_a' })).toBe(1);
    expect(await second?.text()).toContain('event: signed-out');
    expect(tabs.end({ userRef: 'ppid_a' })).toBe(0);
  });

  it('are forgotten when they are closed', async () => {
    const page = await open('ppid_a/s1');
    await page.body?.cancel();
    await closed;
    expect(tabs.end({ userRef: 'ppid_a' })).toBe(0);
  });

  it('are let go without a word when the shop stops, so that they come back later', async () => {
    const page = await open('ppid_a/s1');
    tabs.close();
    expect(await page.text()).not.toContain('signed-out');
  });
});
