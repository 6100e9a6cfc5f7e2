import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRevocationFeed } from '../src/core/revocation-feed.ts';
import { removeFolders, serveCore, signIn, startTestBridge, type TestBridge } from './support/test-bridge.ts';

describe('revocations whose webhook did not arrive', () => {
  let served: ServedFakeCore;
  let bridge: TestBridge;
  const core = () => served.core;
  const since = (cursor: string) => bridge.call(`/v1/revocations?since=${cursor}`);

  beforeEach(async () => {
    served = await serveCore();
    bridge = await startTestBridge(core(), { settings: { USERREF_BRIDGE_POLL_SECONDS: '5' } });
    await expect.poll(async () => (await since('0')).status).toBe(200);
  });
  afterEach(async () => {
    await bridge.stop();
    await served.stop();
    removeFolders();
  });

  it('are told within a round, and end the session at the bridge', async () => {
    const { body } = await signIn(bridge, core());
    const { sid } = core().person;
    await core().webhook({
      type: 'session.revoked',
      data: { user_ref: core().person.userRef, sid, reason: 'signed_out' },
    });
    await core().webhook({ type: 'endpoint.test', data: {} });
    await expect
      .poll(async () => (await since('0')).body.events.map((event: { type: string }) => event.type), {
        timeout: 8000,
      })
      .toEqual(['session.revoked']);
    const { body: page } = await since('0');
    expect((await since(page.next)).body.events).toEqual([]);
    const refreshed = await bridge.call('/v1/session/refresh', {
      body: { session_handle: body.session_handle },
    });
    expect(refreshed.body).toEqual({ active: false, reason: 'session_revoked' });
  });

  it('are told by a bridge that was just started, too', async () => {
    await core().webhook({
      type: 'access.revoked',
      data: { user_ref: core().person.userRef, reason: 'signed_out' },
    });
    await bridge.stop();
    bridge = await startTestBridge(core(), { settings: { USERREF_BRIDGE_POLL_SECONDS: '5' } });
    await expect.poll(async () => (await since('0')).body.events?.length).toBe(1);
  });

  it('are told along with consents that have expired, as their data must go too', async () => {
    const consent = { consent_id: `con_${'a'.repeat(26)}`, attributes: ['contact:email'], purpose: 'news' };
    const data = { user_ref: core().person.userRef, ...consent };
    await core().webhook({ type: 'consent.expired', data });
    await core().webhook({ type: 'consent.granted', data });
    await bridge.stop();
    bridge = await startTestBridge(core(), { settings: { USERREF_BRIDGE_POLL_SECONDS: '5' } });
    await expect
      .poll(async () => (await since('0')).body.events?.map(({ type }: { type: string }) => type))
      .toEqual(['consent.expired']);
  });

  it('that can touch no session any more are left out', async () => {
    const at = new Date(Date.now() - 30_000_000);
    await core().webhook({
      type: 'access.revoked',
      at,
      data: { user_ref: core().person.userRef, reason: 'signed_out' },
    });
    await bridge.stop();
    bridge = await startTestBridge(core(), { settings: { USERREF_BRIDGE_POLL_SECONDS: '5' } });
    await expect.poll(async () => (await since('0')).status).toBe(200);
    expect((await since('0')).body.events).toEqual([]);
  });

  it('are not called none while the bridge has not heard of any', async () => {
    await bridge.stop();
    await served.stop();
    bridge = await startTestBridge(core(), { settings: { USERREF_BRIDGE_POLL_SECONDS: '5' } });
    expect(await since('0')).toMatchObject({
      status: 503,
      body: { code: 'service_unavailable', retryable: true },
    });
    expect((await bridge.call('/v1/health')).body).toMatchObject({
      status: 'degraded',
      revocations: { caught_up: false },
    });
    served = await serveCore();
  });

  it.each(['-1', 'x', '1'.repeat(19), ''])('a cursor "%s" is refused', async (cursor) => {
    expect((await since(cursor)).status).toBe(400);
  });

  it('come page by page, and a page that failed is asked for again', async () => {
    const data = { user_ref: core().person.userRef, reason: 'signed_out' };
    for (let count = 0; count < 250; count += 1) await core().webhook({ type: 'access.revoked', data });
    const asked: string[] = [];
    let failures = 1;
    const { createUserref } = await import('@userref/sdk-core');
    const userref = createUserref({
      ...core().options,
      baseUrl: 'http://localhost:4999',
      sessionSecret: 'secret-of-the-sessions-in-no-answer-0123456789',
    });
    const feed = createRevocationFeed({
      userref: {
        revocations: userref.revocations,
        fetchEvents: async (request) => {
          asked.push(request?.after ?? `since ${request?.since?.toISOString().slice(0, 4)}`);
          if (asked.length === 2 && failures-- > 0) throw new Error('away');
          return userref.fetchEvents(request);
        },
      },
      pollSeconds: 0,
      sessionTtlSeconds: 28_800,
      now: () => Math.floor(Date.now() / 1000),
      onFailure: () => undefined,
    });
    await feed.poll();
    expect(await feed.after('0')).toBeNull();
    await feed.poll();
    expect(asked).toEqual([`since ${new Date().getUTCFullYear()}`, '100', '100', '200']);
    expect((await feed.after('0'))?.events).toHaveLength(250);
    expect((await feed.after('200'))?.events).toHaveLength(50);
  });
});
