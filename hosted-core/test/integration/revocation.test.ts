import { createHmac } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DECOYS, hasBit, LIST_SIZE, LIST_TTL_SECONDS } from '../../src/core/status-list/status-list.ts';
import { StatusListRepository } from '../../src/core/status-list/status-list-repository.ts';
import { statusParticipant } from '../../src/core/status-list/status-participant-repository.ts';
import { WebhookEndpoints } from '../../src/core/webhooks/webhook-endpoints.ts';
import { newUserRef } from '../../src/ids/random-ids.ts';
import { Browser } from '../support/browser.ts';
import { startCore, TENANT } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

interface Shop {
  readonly siteId: string;
  readonly secret: string;
  readonly config: client.Configuration;
}

let database: TestDatabase;
let core: Awaited<ReturnType<typeof startCore>>;
let cell: ScriptedCell;
let shopA: Shop;
let shopB: Shop;
let browser: Browser;

beforeAll(async () => {
  database = await createTestDatabase();
  cell = new ScriptedCell();
  core = await startCore({ coreUrl: database.coreUrl, cell });
  [shopA, shopB] = [await open('shop-a'), await open('shop-b')];
});
beforeEach(() => {
  cell = Object.assign(cell, { revoked: [] });
  browser = new Browser();
});
afterAll(async () => {
  await core.close();
  await database.drop();
});

async function open(siteId: string): Promise<Shop> {
  const { secret } = await core.registerSite({ siteId, redirectUris: [`http://localhost:9/${siteId}`] });
  const config = await client.discovery(new URL(core.url), siteId, secret, undefined, {
    execute: [client.allowInsecureRequests],
  });
  return { siteId, secret, config };
}

async function login({ config, siteId }: Shop) {
  const callback = `http://localhost:9/${siteId}`;
  const verifier = client.randomPKCECodeVerifier();
  const url = await client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: callback,
    scope: 'openid',
    state: 's',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = (await browser.open(url.href, { stopAt: callback })).url;
  const checks = { pkceCodeVerifier: verifier, expectedState: 's' };
  const tokens = await client.authorizationCodeGrant(config, back, checks);
  const passport = decodeJwt(tokens.id_token ?? '') as Passport;
  return { tokens, passport, userRef: passport.user_ref };
}

interface Passport {
  readonly user_ref: string;
  readonly sid: string;
  readonly exp: number;
  readonly status: { readonly status_list: { readonly idx: number; readonly uri: string } };
}

const basic = ({ siteId, secret }: Shop) => ({
  authorization: `Basic ${Buffer.from(`${siteId}:${secret}`).toString('base64')}`,
});
const revoke = (shop: Shop, userRef: string, headers: Record<string, string> = basic(shop)) =>
  fetch(`${core.url}/v1/users/${userRef}/revoke`, { method: 'POST', headers });
const isAlive = async ({ config }: Shop, token: string) =>
  (await client.tokenIntrospection(config, token)).active;

/** The bit of a passport in the published list, verified as anybody would. */
async function isRevokedInList({ status }: Passport): Promise<boolean> {
  const { idx, uri } = status.status_list;
  const response = await fetch(uri);
  const keys = createRemoteJWKSet(new URL(`${core.url}/jwks`));
  const { payload } = await jwtVerify(await response.text(), keys, { typ: 'statuslist+jwt', subject: uri });
  const { lst } = payload.status_list as { lst: string };
  return hasBit(inflateSync(Buffer.from(lst, 'base64url')), idx);
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let round = 0; !(await check()); round += 1) {
    if (round > 100) throw new Error('it did not happen');
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function eventsOf(userRef: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const rows = await database.admin.query<{ body: Buffer }>(
    'select body from core.webhook_events where user_ref = $1 order by created_at, event_id',
    [userRef],
  );
  return rows.map(({ body }) => JSON.parse(body.toString()));
}

describe('a site that revokes its own access to a user', () => {
  it('has no token, no live passport, and the consents in the cell are ended, when it is answered', async () => {
    const { tokens, passport, userRef } = await login(shopA);
    expect(await isAlive(shopA, tokens.access_token)).toBe(true);
    expect(await isRevokedInList(passport)).toBe(false);
    expect((await revoke(shopA, userRef)).status).toBe(204);
    expect(await isAlive(shopA, tokens.access_token)).toBe(false);
    expect(cell.revoked).toMatchObject([{ siteId: 'shop-a', by: 'site' }]);
    await until(() => isRevokedInList(passport));
    expect((await eventsOf(userRef)).at(-1)).toMatchObject({
      type: 'access.revoked',
      data: { user_ref: userRef, reason: 'revoked_by_site' },
    });
  });

  it('leaves the person’s other sites as they are', async () => {
    const a = await login(shopA);
    const b = await login(shopB);
    await revoke(shopA, a.userRef);
    expect(await isAlive(shopB, b.tokens.access_token)).toBe(true);
    await until(() => isRevokedInList(a.passport));
    expect(await isRevokedInList(b.passport)).toBe(false);
  });

  it('may use a token of its own instead of its secret', async () => {
    const { tokens, userRef } = await login(shopA);
    const own = await client.clientCredentialsGrant(shopA.config);
    const headers = { authorization: `Bearer ${own.access_token}` };
    expect((await revoke(shopB, userRef, headers)).status).toBe(204);
    expect(await isAlive(shopA, tokens.access_token)).toBe(false);
  });

  it('learns nothing of users that are unknown or another site’s: one 404, and nothing ends', async () => {
    const { tokens, userRef } = await login(shopA);
    const answers = [];
    for (const ref of [userRef, newUserRef(), 'nobody', '..%2f..']) {
      const response = await revoke(shopB, ref);
      const { request_id: _, ...problem } = (await response.json()) as Record<string, unknown>;
      answers.push({ status: response.status, problem });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.status).toBe(404);
    expect(await isAlive(shopA, tokens.access_token)).toBe(true);
  });

  it('must be that site', async () => {
    const { tokens, userRef } = await login(shopA);
    const wrong = { siteId: 'shop-a', secret: shopB.secret, config: shopA.config };
    const forCell = await client.clientCredentialsGrant(shopA.config, { resource: cell.resource });
    const tries: Record<string, string>[] = [
      {},
      basic(wrong),
      { authorization: 'Basic ====' },
      { authorization: `Bearer ${tokens.access_token}` },
      { authorization: `Bearer ${forCell.access_token}` },
    ];
    for (const headers of tries) {
      const response = await revoke(shopA, userRef, headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        'Basic realm="userref", Bearer',
      ]);
    }
    expect(await isAlive(shopA, tokens.access_token)).toBe(true);
    const get = await fetch(`${core.url}/v1/users/${userRef}/revoke`, { headers: basic(shopA) });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('the operator', () => {
  it('counts first, then ends one user, one site, or all', async () => {
    const a = await login(shopA);
    const b = await login(shopB);
    const { revocation } = core.half;
    const counts = await revocation.preview({ tenantId: TENANT, userRef: a.userRef });
    expect(counts).toMatchObject({ users: 1 });
    expect(counts.tokens).toBeGreaterThan(1);
    expect(counts.passports).toBeGreaterThan(0);
    expect(await isAlive(shopA, a.tokens.access_token)).toBe(true);
    await revocation.revokeUser({ tenantId: TENANT, userRef: a.userRef, by: 'operator', note: 'a test' });
    expect(await isAlive(shopA, a.tokens.access_token)).toBe(false);
    expect(await isAlive(shopB, b.tokens.access_token)).toBe(true);
    await revocation.revokeSite({ tenantId: TENANT, siteId: 'shop-b', by: 'operator' });
    expect(await isAlive(shopB, b.tokens.access_token)).toBe(false);
    expect(await revocation.preview({ tenantId: TENANT, siteId: 'shop-b' })).toMatchObject({ passports: 0 });
    browser = new Browser();
    const again = await login(shopA);
    await revocation.revokeAll({ tenantId: TENANT, by: 'operator' });
    expect(await isAlive(shopA, again.tokens.access_token)).toBe(false);
    const [entry] = await database.admin.query<{ data: object }>(
      `select data from core.audit_events where action = 'access.revoked' and data ? 'note'`,
    );
    expect(entry?.data).toEqual({ by: 'operator', note: 'a test' });
  });

  it('is told of names that do not exist', async () => {
    const { revocation } = core.half;
    for (const work of [
      () => revocation.revokeUser({ tenantId: TENANT, userRef: newUserRef(), by: 'operator' }),
      () => revocation.revokeSite({ tenantId: TENANT, siteId: 'shop-z', by: 'operator' }),
      () => revocation.endSessionBySid({ tenantId: TENANT, sid: 'nobody' }),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a session', () => {
  it('is listed for its person, and ends with its tokens and passports at every site of it', async () => {
    await database.admin.query(`delete from core.oidc_artifacts where kind = 'Session'`);
    const a = await login(shopA);
    const b = await login(shopB);
    const { gateway } = core.foundation;
    const [row] = await database.admin.query<{ subject_id: string }>(
      'select subject_id from core.pairwise_links where user_ref = $1',
      [a.userRef],
    );
    const person = { tenantId: TENANT, subjectId: row?.subject_id ?? '' };
    const [session, ...more] = await gateway.listSessions(person);
    expect(more).toEqual([]);
    expect(session?.sites.map((site) => site.siteId)).toEqual(['shop-a', 'shop-b']);
    const stranger = { ...person, subjectId: '00000000-0000-4000-8000-000000000000' };
    expect(await gateway.listSessions(stranger)).toEqual([]);
    const sessionId = session?.sessionId ?? '';
    await expect(gateway.endSession({ ...stranger, sessionId })).rejects.toMatchObject({ code: 'not_found' });
    await gateway.endSession({ ...person, sessionId });
    expect(await isAlive(shopA, a.tokens.access_token)).toBe(false);
    expect(await isAlive(shopB, b.tokens.access_token)).toBe(false);
    await until(() => isRevokedInList(a.passport));
    await until(() => isRevokedInList(b.passport));
    expect((await eventsOf(a.userRef)).at(-1)?.data).toMatchObject({
      sid: a.passport.sid,
      reason: 'signed_out',
    });
    await expect(gateway.endSession({ ...person, sessionId })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('can be ended by the sid that a site knows', async () => {
    const { tokens, passport, userRef } = await login(shopA);
    await core.half.revocation.endSessionBySid({ tenantId: TENANT, sid: passport.sid });
    expect(await isAlive(shopA, tokens.access_token)).toBe(false);
    expect((await eventsOf(userRef)).at(-1)?.data).toMatchObject({ reason: 'revoked_by_operator' });
  });
});

describe('status lists', () => {
  it('belong to one site, with random places, and say how long they may be used', async () => {
    const places: number[] = [];
    const uris = new Set<string>();
    for (let n = 0; n < 6; n += 1) {
      browser = new Browser();
      const { passport } = await login(shopA);
      places.push(passport.status.status_list.idx);
      uris.add(passport.status.status_list.uri);
    }
    const other = (await login(shopB)).passport.status.status_list.uri;
    expect(uris.size).toBe(1);
    expect(uris.has(other)).toBe(false);
    expect(new Set(places).size).toBe(6);
    expect(Math.max(...places) - Math.min(...places)).toBeGreaterThan(1_000);
    const response = await fetch([...uris][0] ?? '');
    expect(response.headers.get('content-type')).toBe('application/statuslist+jwt');
    expect(response.headers.get('cache-control')).toBe('public, max-age=60');
    const claims = decodeJwt(await response.text());
    expect(claims.ttl).toBe(LIST_TTL_SECONDS);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(86_400);
  });

  it('hide the revoked among decoys that no passport gets', async () => {
    const { passport } = await login(shopA);
    const { uri, idx } = passport.status.status_list;
    const [list] = await database.admin.query<{ decoys: Buffer }>(
      'select decoys from core.status_lists where list_id = $1',
      [uri.slice(-26)],
    );
    const decoys = list?.decoys ?? Buffer.alloc(0);
    const count = [...Array(LIST_SIZE).keys()].filter((index) => hasBit(decoys, index)).length;
    expect(count).toBe(DECOYS);
    expect(count).toBeGreaterThanOrEqual(10_000);
    expect(hasBit(decoys, idx)).toBe(false);
  });

  it('answer 304 to whoever has the list, and 404 for lists that are none', async () => {
    const { uri } = (await login(shopA)).passport.status.status_list;
    // What other tests revoked a moment ago is published first.
    let etag = '';
    await until(async () => {
      etag = (await fetch(uri)).headers.get('etag') ?? '';
      const waiting = await database.admin.query('select 1 from core.status_changes where list_id = $1', [
        uri.slice(-26),
      ]);
      return waiting.length === 0;
    });
    expect((await fetch(uri, { headers: { 'if-none-match': `W/"x", ${etag}` } })).status).toBe(304);
    expect((await fetch(uri, { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
    for (const list of ['a'.repeat(26), 'x', '..%2fjwks'])
      expect((await fetch(`${core.url}/status/${list}`)).status).toBe(404);
  });

  it('keep the place of an erased passport in quarantine until its bit is published, and for good then', async () => {
    const { passport } = await login(shopA);
    const { uri, idx } = passport.status.status_list;
    const listId = uri.slice(-26);
    await fetch(uri);
    const lists = new StatusListRepository(core.foundation.database, TENANT);
    const [holder] = await database.admin.query<{ subject_id: string }>(
      'select subject_id from core.status_entries where list_id = $1 and idx = $2',
      [listId, idx],
    );
    const wish = {
      ...{ siteId: 'shop-a', subjectId: holder?.subject_id ?? '', sid: 'x', candidates: [idx] },
      expiresAt: new Date(Date.now() + 60_000),
    };
    await database.core.inTenant(TENANT, (tx) =>
      statusParticipant.eraseSubject(tx, { tenantId: TENANT, subjectId: wish.subjectId }),
    );
    const places = await database.admin.query(
      'select 1 from core.status_entries where list_id = $1 and idx = $2',
      [...[listId, idx]],
    );
    expect(places).toEqual([]);
    expect(await lists.allocate(wish)).toBeUndefined();
    await until(() => isRevokedInList(passport));
    expect(await lists.allocate(wish)).toBeUndefined();
  });

  it('give the place of a passport that expired, and was never revoked, to another', async () => {
    const { passport } = await login(shopA);
    const { uri, idx } = passport.status.status_list;
    const lists = new StatusListRepository(core.foundation.database, TENANT);
    const [holder] = await database.admin.query<{ subject_id: string }>(
      'delete from core.status_entries where list_id = $1 and idx = $2 returning subject_id',
      [uri.slice(-26), idx],
    );
    const wish = { siteId: 'shop-a', subjectId: holder?.subject_id ?? '', sid: 'x', candidates: [idx] };
    const place = await lists.allocate({ ...wish, expiresAt: new Date(Date.now() + 60_000) });
    expect(place).toEqual({ listId: uri.slice(-26), index: idx });
    await database.admin.query('delete from core.status_entries where list_id = $1 and idx = $2', [
      uri.slice(-26),
      idx,
    ]);
  });

  it('are filled to three eighths, then another is opened', async () => {
    await database.admin.query('update core.status_lists set used = size * 3 / 8 - 2 where site_id = $1', [
      'shop-a',
    ]);
    const uris = [];
    for (let n = 0; n < 3; n += 1) {
      browser = new Browser();
      uris.push((await login(shopA)).passport.status.status_list.uri);
    }
    expect(uris[0]).toBe(uris[1]);
    expect(uris[2]).not.toBe(uris[0]);
  });
});

describe('the feed of missed events', () => {
  const feed = async (shop: Shop, query = '') => {
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
    shop: Shop,
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
