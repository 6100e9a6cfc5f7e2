import { createUserref, type EventType } from '@userref/sdk-core';
import { FakeCore } from '@userref/sdk-core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRevocationFeed, type RevocationPage } from '../src/core/revocation-feed.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

let core: FakeCore;
let now: number;
let isAway: boolean;

beforeEach(() => {
  core = new FakeCore();
  now = Math.floor(Date.now() / 1000);
  isAway = false;
});

/** Of a bridge that was just started. */
function newFeed() {
  const baseUrl = 'http://localhost:4999';
  const sessionSecret = 'secret-of-the-sessions-in-no-answer-0123456789';
  const userref = createUserref({ ...core.options, fetch: core.fetch, baseUrl, sessionSecret });
  return createRevocationFeed({
    userref: {
      revocations: userref.revocations,
      fetchEvents: (request) => (isAway ? Promise.reject(new Error('away')) : userref.fetchEvents(request)),
    },
    pollSeconds: 15,
    sessionTtlSeconds: 8 * HOUR,
    now: () => now,
    onFailure: () => undefined,
  });
}

const withdrawn = (ago: number) => tell('consent.withdrawn', ago, consent());
const granted = (ago: number) => tell('consent.granted', ago, consent());
const erased = (ago: number) => tell('subject.erased', ago, { request_id: 'r-1' });
const signedOut = (ago: number) => tell('session.revoked', ago, { sid: 'sid-1', reason: 'signed_out' });

function consent(): object {
  return { consent_id: `con_${'a'.repeat(26)}`, attributes: ['contact:email'], purpose: 'news' };
}

async function tell(type: EventType, ago: number, data: object): Promise<void> {
  const at = new Date((now - ago) * 1000);
  await core.webhook({ type, at, data: { user_ref: core.person.userRef, ...data } });
}

const typesOf = (page: RevocationPage | null) => page?.events.map(({ type }) => type);

describe('a site that was away for longer than a session lasts', () => {
  it('is told what it has to purge, by a bridge that was away as long', async () => {
    await withdrawn(5 * DAY);
    await erased(3 * DAY);
    await granted(3 * DAY);
    await signedOut(HOUR);
    const feed = newFeed();
    await feed.poll();
    const page = await feed.after('1');
    expect(new Set(typesOf(page))).toEqual(new Set(['subject.erased', 'session.revoked']));
    expect(typesOf(await feed.after(page?.next ?? ''))).toEqual([]);
    // Without a cursor there was nothing before.
    expect(typesOf(await feed.after('0'))).toEqual(['session.revoked']);
  });

  it('is told what a bridge that went on has forgotten', async () => {
    await granted(HOUR);
    const feed = newFeed();
    await feed.poll();
    await withdrawn(0);
    await erased(0);
    await feed.poll();
    expect(typesOf(await feed.after('1'))).toEqual(['consent.withdrawn', 'subject.erased']);
    now += DAY;
    await feed.poll();
    expect(typesOf(await feed.after('0'))).toEqual([]);
    expect(typesOf(await feed.after('2'))).toEqual(['subject.erased']);
  });

  it('is told a part at a time, and each time who has been signed out of late', async () => {
    for (let count = 0; count < 1205; count += 1) await withdrawn(2 * DAY);
    await signedOut(HOUR);
    const feed = newFeed();
    await feed.poll();
    const first = await feed.after('1');
    expect([first?.events.length, first?.next, typesOf(first)?.at(-1)]).toEqual([
      1001,
      '1001',
      'session.revoked',
    ]);
    const second = await feed.after('1001');
    expect([second?.next, typesOf(second)?.at(-1)]).toEqual(['1206', 'session.revoked']);
    expect(typesOf(await feed.after('1206'))).toEqual([]);
  });

  it('is not told that there was nothing while the core is away', async () => {
    await erased(3 * DAY);
    await withdrawn(2 * DAY);
    await signedOut(HOUR);
    const feed = newFeed();
    await feed.poll();
    isAway = true;
    await expect(feed.after('1')).rejects.toThrow();
  });
});

describe('a cursor from beyond the feed', () => {
  it('of another bridge that heard more is caught up with', async () => {
    await withdrawn(HOUR);
    const feed = newFeed();
    await feed.poll();
    await signedOut(0);
    expect(await feed.after('2')).toEqual({ events: [], next: '2' });
  });

  it('of a core that was restored from a backup is given up, and what is of late told again', async () => {
    await withdrawn(HOUR);
    const feed = newFeed();
    await feed.poll();
    const page = await feed.after('4711');
    expect([typesOf(page), page?.next]).toEqual([['consent.withdrawn'], '1']);
    await signedOut(0);
    await feed.poll();
    expect(typesOf(await feed.after('1'))).toEqual(['session.revoked']);
  });
});

describe('a bridge', () => {
  it('has caught up while the core answers it, and not for good', async () => {
    const feed = newFeed();
    expect(feed.state()).toEqual({ caughtUp: false, ageSeconds: null });
    await feed.poll();
    expect(feed.state().caughtUp).toBe(true);
    isAway = true;
    now += 45;
    await feed.poll();
    expect(feed.state()).toEqual({ caughtUp: true, ageSeconds: 45 });
    now += 45;
    await feed.poll();
    expect(feed.state()).toEqual({ caughtUp: false, ageSeconds: 90 });
  });
});
