import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebhookEndpoints } from '../../src/core/webhooks/webhook-endpoints.ts';
import { basic, type RevokingShop, startRevocationBench } from '../support/revocation-bench.ts';
import { TENANT } from '../support/running-core.ts';

const bench = await startRevocationBench();
const { database, core, shopA, shopB, login, revoke } = bench;

beforeEach(() => bench.renew());
afterAll(() => bench.close());

describe('the feed of missed events', () => {
  const feed = async (shop: RevokingShop, query = '') => {
    const response = await fetch(`${core.url}/v1/events${query}`, { headers: basic(shop) });
    return { status: response.status, page: (await response.json()) as Page };
  };
  interface Page {
    readonly events: {
      id: string;
      cursor: string;
      type: string;
      data: { user_ref: string };
      confirmed: boolean;
    }[];
    readonly next: string;
    readonly more: boolean;
  }

  it('gives a site its own events, each once, in an order that stays', async () => {
    const { userRef } = await login(shopA);
    await revoke(shopA, userRef);
    const first = (await feed(shopA)).page;
    expect(first.events.at(-1)).toMatchObject({ type: 'access.revoked', data: { user_ref: userRef } });
    expect(first.more).toBe(false);
    expect((await feed(shopA, `?after=${first.next}`)).page.events).toEqual([]);
    await revoke(shopA, userRef);
    const second = (await feed(shopA, `?after=${first.next}`)).page;
    expect(second.events).toHaveLength(1);
    const ids = (await feed(shopA)).page.events.map((event) => event.id);
    expect(ids).toEqual([...first.events, ...second.events].map((event) => event.id));
    const foreign = (await feed(shopB)).page.events.map((event) => event.id);
    expect(ids.filter((id) => foreign.includes(id))).toEqual([]);
  });

  it('comes in pages', async () => {
    const { page } = await feed(shopA, '?limit=1');
    expect([page.events.length, page.more]).toEqual([1, true]);
    for (const query of ['?after=x', '?limit=0', '?after=-1', '?before=1'])
      expect((await feed(shopA, query)).status).toBe(400);
  });

  it('begins at a time where a site has no cursor, and at the end when nothing has happened since', async () => {
    const { userRef } = await login(shopA);
    await revoke(shopA, userRef);
    const old = (await feed(shopA)).page;
    await database.admin.query(
      `update core.webhook_events set occurred_at = occurred_at - interval '10 hours' where site_id = 'shop-a'`,
    );
    const hoursAgo = async (hours: number) => {
      const since = new Date(Date.now() - hours * 3_600_000).toISOString();
      return (await feed(shopA, `?since=${since}`)).page;
    };
    expect((await hoursAgo(11)).events).toEqual(old.events);
    expect(await hoursAgo(1)).toEqual({ events: [], next: old.next, more: false });
    await revoke(shopA, userRef);
    const fresh = await hoursAgo(1);
    expect(fresh.events.map(({ type }) => type)).toEqual(['access.revoked']);
    expect(fresh.events).toEqual((await feed(shopA, `?after=${old.next}`)).page.events);
    for (const query of ['yesterday', '2026-13-45T00:00:00Z', '2026-11-22T08:00:00Z&after=0'])
      expect((await feed(shopA, `?since=${query}`)).status).toBe(400);
  });

  it('misses no event whose transaction is committed late', async () => {
    const { userRef } = await login(shopA);
    const before = (await feed(shopA)).page.next;
    await database.core.inTenant(TENANT, async (tx) => {
      await tx.query(
        `insert into core.webhook_events (tenant_id, event_id, site_id, type, user_ref, body, occurred_at)
         values ($1, $2, 'shop-a', 'consent.withdrawn', $3, '{"type":"consent.withdrawn"}', now())`,
        [TENANT, `evt_${'l'.repeat(26)}`, userRef],
      );
      await revoke(shopA, userRef);
      const seen = (await feed(shopA, `?after=${before}`)).page;
      expect(seen.events.map((event) => event.type)).toEqual(['access.revoked']);
      Object.assign(late, { next: seen.next });
    });
    const rest = (await feed(shopA, `?after=${late.next}`)).page;
    expect(rest.events.map((event) => event.type)).toEqual(['consent.withdrawn']);
  });
  const late = { next: '0' };

  it('tells all again to a site that is ahead of it since a backup was restored, and passes over nothing', async () => {
    const { userRef } = await login(shopA);
    await revoke(shopA, userRef);
    const before = (await feed(shopA)).page;
    const foreign = (await feed(shopB)).page;
    await revoke(shopA, userRef);
    // The seven that it was given since the backup are gone.
    const ahead = String(BigInt(before.next) + 7n);
    const again = (await feed(shopA, `?after=${ahead}`)).page;
    const ids = (page: Page) => page.events.map(({ id }) => id);
    expect(ids(again).slice(0, -1)).toEqual(ids(before));
    expect(again.events.at(-1)?.type).toBe('access.revoked');
    expect(again.events.every(({ cursor }) => BigInt(cursor) > BigInt(ahead))).toBe(true);
    await revoke(shopA, userRef);
    expect((await feed(shopA, `?after=${again.next}`)).page.events).toHaveLength(1);
    expect((await feed(shopB)).page).toEqual(foreign);
  });

  it('is not moved by a cursor that was made up, and stays readable', async () => {
    const before = (await feed(shopA)).page;
    const { page } = await feed(shopA, `?after=${'9'.repeat(18)}`);
    expect(page.events).toEqual([]);
    expect((await feed(shopA)).page).toEqual(before);
  });
});

describe('an acknowledgement', () => {
  const id = `evt_${'k'.repeat(26)}`;
  let secret: string;

  beforeAll(async () => {
    const endpoints = new WebhookEndpoints({ secretBox: core.secrets, policy: 'public-and-loopback' });
    ({ secret } = await database.core.inTenant(TENANT, (tx) =>
      endpoints.register(tx, { tenantId: TENANT, siteId: 'shop-a', kind: 'poll' }),
    ));
    await database.admin.query(
      `insert into core.webhook_events (tenant_id, event_id, site_id, type, body, occurred_at, confirmation_due_at)
       values ($1, $2, 'shop-a', 'consent.withdrawn', '{"type":"consent.withdrawn","data":{}}', now(), now() + interval '3 days')`,
      [TENANT, id],
    );
  });

  const now = () => Math.floor(Date.now() / 1_000);
  interface Sent {
    readonly eventId?: string;
    readonly body?: string;
    readonly key?: string;
    readonly at?: number;
    /** What arrives, when it is not what was signed. */
    readonly sent?: string;
  }
  const acknowledge = (
    shop: RevokingShop,
    { eventId = id, body = '{"status":"purged"}', key = secret, at = now(), sent = body }: Sent = {},
  ) => {
    const signature = createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
      .update(`${eventId}.${at}.${body}`)
      .digest('base64');
    return fetch(`${core.url}/v1/events/${eventId}/ack`, {
      method: 'POST',
      body: sent,
      headers: {
        ...basic(shop),
        'content-type': 'application/json',
        'webhook-timestamp': String(at),
        'webhook-signature': `v1,${signature}`,
      },
    });
  };
  const confirmation = async () => {
    const rows = await database.admin.query<{
      confirmed_by: string | null;
      confirmation_proof: string | null;
    }>('select confirmed_by, confirmation_proof from core.webhook_events where event_id = $1', [id]);
    return rows[0];
  };

  it.each([
    ['with another secret', { key: `whsec_${Buffer.alloc(32).toString('base64')}` }, 401],
    ['of an hour ago', { at: Math.floor(Date.now() / 1_000) - 3_600 }, 401],
    ['altered on the way', { sent: '{"status":"purged" }' }, 401],
    ['of something else', { body: '{"status":"received"}' }, 400],
    ['of an unknown event', { eventId: `evt_${'z'.repeat(26)}` }, 404],
  ])('%s counts for nothing', async (_what, change, status) => {
    expect((await acknowledge(shopA, change)).status).toBe(status);
    expect(await confirmation()).toEqual({ confirmed_by: null, confirmation_proof: null });
  });

  it('of another site’s event is the same as of an unknown one', async () => {
    expect((await acknowledge(shopB)).status).toBe(401);
    expect(await confirmation()).toMatchObject({ confirmed_by: null });
  });

  it('that is signed is kept with its proof, once', async () => {
    expect((await acknowledge(shopA)).status).toBe(204);
    const kept = await confirmation();
    expect(kept).toMatchObject({ confirmed_by: 'ack' });
    expect(kept?.confirmation_proof).toMatch(/^\d{10} v1,/);
    expect((await acknowledge(shopA, { at: Math.floor(Date.now() / 1_000) - 5 })).status).toBe(204);
    expect(await confirmation()).toEqual(kept);
  });
});
