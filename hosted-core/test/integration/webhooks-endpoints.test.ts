import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OutgoingEvent, publishEvent } from '../../src/core/webhooks/publish-event.ts';
import { purgeConfirmations, tenantConfirmations } from '../../src/core/webhooks/purge-confirmations.ts';
import { recoverDeliveries, sendTestEvent } from '../../src/core/webhooks/recover-deliveries.ts';
import { listDeliveries } from '../../src/core/webhooks/recovery-repository.ts';
import { pruneWebhookEvents } from '../../src/core/webhooks/webhook-housekeeping.ts';
import { until } from '../support/until.ts';
import {
  ISSUER,
  type Receiver,
  SITE,
  setUpWebhooks,
  startReceiver,
  TENANT,
  type WebhooksSetup,
} from './webhooks-setup.ts';

const AMBER = `ppid_${'a'.repeat(26)}`;
const ONCE = { schedule: { gapsMs: [], windowMs: 60_000 } };

let setup: WebhooksSetup;
let receiver: Receiver;

beforeEach(async () => {
  setup = await setUpWebhooks();
  receiver = await startReceiver();
});
afterEach(async () => {
  await setup.stopWorkers();
  await receiver.stop();
  await setup.drop();
});

const SESSION = { type: 'session.revoked', data: { sid: 'sid-1', reason: 'signed_out' } } as const;
const WITHDRAWN = {
  type: 'consent.withdrawn',
  data: { consent_id: `con_${'c'.repeat(26)}`, attributes: ['contact:email'], purpose: 'order_delivery' },
} as const;

const publish = (event: Pick<OutgoingEvent, 'type' | 'data'> = SESSION, userRef = AMBER) =>
  setup.core.inTenant(TENANT, (tx) =>
    publishEvent(tx, {
      ...{ tenantId: TENANT, siteId: SITE, userRef, occurredAt: new Date() },
      ...event,
    } as OutgoingEvent),
  );
const act = (verb: 'pause' | 'resume', endpointId: string) =>
  setup.core.inTenant(TENANT, (tx) => setup.endpoints[verb](tx, { tenantId: TENANT, endpointId }));
const endpoint = async (endpointId: string) =>
  (await setup.core.inTenant(TENANT, (tx) => setup.endpoints.list(tx, { tenantId: TENANT }))).find(
    (one) => one.endpointId === endpointId,
  );
const settled = (count: number, state: string) =>
  until(async () => {
    const rows = await setup.admin.query('select 1 from core.webhook_deliveries where state = $1', [state]);
    return rows.length === count || undefined;
  }, `${count} deliveries ${state}`);

describe('endpoints', () => {
  it('get the types that they want, and every endpoint its own', async () => {
    await setup.register(`${receiver.url}/all`);
    await setup.register(`${receiver.url}/some`, { eventTypes: ['consent.withdrawn'] });
    await publish(SESSION);
    await publish(WITHDRAWN);
    await setup.startWorker();
    await settled(3, 'delivered');
    const seen = receiver.received.map((one) => `${one.path} ${JSON.parse(one.body).type}`);
    expect(seen.sort()).toEqual([
      '/hook/all consent.withdrawn',
      '/hook/all session.revoked',
      '/hook/some consent.withdrawn',
    ]);
  });

  it('are refused with a type that does not exist', async () => {
    const wrong = setup.register(receiver.url, { eventTypes: ['consent.withdrawed'] });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('take a test alone, whatever types they want', async () => {
    await setup.register(`${receiver.url}/other`);
    const { endpointId } = await setup.register(`${receiver.url}/tested`, { eventTypes: ['site.enabled'] });
    await setup.startWorker();
    const eventId = await sendTestEvent(setup.core, { tenantId: TENANT, endpointId });
    await settled(1, 'delivered');
    expect(receiver.received.map((one) => [one.path, one.headers['webhook-id']])).toEqual([
      ['/hook/tested', eventId],
    ]);
  });

  it('that are paused get nothing until they are resumed, and then everything', async () => {
    const { endpointId } = await setup.register(receiver.url);
    await act('pause', endpointId);
    const ids = [await publish(), await publish(WITHDRAWN)];
    await setup.startWorker();
    await until(
      async () => (await setup.admin.query('select 1 from core_jobs.jobs')).length === 0,
      'an idle queue',
    );
    expect(receiver.received).toEqual([]);
    expect(await endpoint(endpointId)).toMatchObject({ state: 'paused', pending: 2 });
    await act('resume', endpointId);
    await settled(2, 'delivered');
    expect(receiver.received.map((one) => one.headers['webhook-id'])).toEqual(ids);
  });

  it('that fail for 72 hours are disabled, and the site’s feed says so', async () => {
    const { endpointId } = await setup.register(receiver.url);
    receiver.answerWith((_request, response) => void response.writeHead(500).end());
    await setup.startWorker(ONCE);
    await publish();
    await settled(1, 'parked');
    expect(await endpoint(endpointId)).toMatchObject({ state: 'enabled', failingSince: expect.any(Date) });
    await setup.admin.query(
      `update core.webhook_endpoints set failing_since = failing_since - interval '72 hours'`,
    );
    await publish();
    await settled(2, 'parked');
    expect(await endpoint(endpointId)).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
    const feed = await setup.core.query<{ body: Buffer }>(
      'select body from core.read_event_feed($1, $2, 0, 10)',
      [TENANT, SITE],
    );
    const bodies = feed.map((one) => JSON.parse(one.body.toString()));
    expect(bodies.at(-1)).toMatchObject({
      type: 'endpoint.disabled',
      data: { endpoint_id: endpointId, reason: 'failing' },
    });
  });

  it('that succeed in between are not', async () => {
    const { endpointId } = await setup.register(receiver.url);
    await setup.admin.query(`update core.webhook_endpoints set failing_since = now() - interval '71 hours'`);
    await setup.startWorker(ONCE);
    await publish();
    await settled(1, 'delivered');
    await until(async () => (await endpoint(endpointId))?.failingSince === null, 'health');
  });

  it('get everything since then that they missed: given up, or published while they were disabled', async () => {
    const { endpointId } = await setup.register(receiver.url);
    receiver.answerWith((_request, response) => void response.writeHead(410).end());
    await setup.startWorker(ONCE);
    const given = await publish();
    await settled(1, 'parked');
    const missed = await publish(WITHDRAWN);
    const since = new Date(Date.now() - 3_600_000);
    const recover = () => recoverDeliveries(setup.core, { tenantId: TENANT, endpointId, since });
    await expect(recover()).rejects.toMatchObject({ code: 'conflict' });
    receiver.answerWith((_request, response) => void response.writeHead(200).end());
    receiver.received.length = 0;
    await act('resume', endpointId);
    expect(await recover()).toBe(2);
    await settled(2, 'delivered');
    expect(receiver.received.map((one) => one.headers['webhook-id']).sort()).toEqual([given, missed].sort());
    expect(await recover()).toBe(0);
  });
});

describe('attempts', () => {
  it('are kept with status, latency and a redacted beginning of the answer', async () => {
    await setup.register(receiver.url);
    receiver.answerWith((_request, response) => {
      response.writeHead(422).end(`no user sample-amber@example.com ${'x'.repeat(5_000)}`);
    });
    await setup.startWorker(ONCE);
    await publish();
    await settled(1, 'parked');
    const [delivery] = await setup.core.inTenant(TENANT, (tx) =>
      listDeliveries(tx, { tenantId: TENANT, siteId: SITE, limit: 5 }),
    );
    expect(delivery).toMatchObject({ type: 'session.revoked', state: 'parked' });
    expect(delivery?.attempts).toMatchObject([
      { status: 422, latency_ms: expect.any(Number), body_excerpt: 'no user [redacted] [redacted]' },
    ]);
  });
});

describe('back-channel logout', () => {
  const tokenOf = async (body: string) => {
    const { jwks: own } = await setup.signingKeys.current();
    const keys = own.map(({ kty, crv, x, y, n, e, kid, alg }) => ({ kty, crv, x, y, n, e, kid, alg }));
    const jwks = JSON.parse(JSON.stringify({ keys })) as JSONWebKeySet;
    const token = new URLSearchParams(body).get('logout_token') ?? '';
    return jwtVerify(token, createLocalJWKSet(jwks), { typ: 'logout+jwt', issuer: ISSUER, audience: SITE });
  };

  it('sends a fresh logout token at every attempt, of the events that end sessions', async () => {
    await setup.register(receiver.url, { kind: 'backchannel_logout' });
    receiver.answerWith((_request, response) => {
      response.writeHead(receiver.received.length < 3 ? 500 : 200).end();
    });
    await publish(WITHDRAWN);
    await publish(SESSION);
    await setup.startWorker({ schedule: { gapsMs: [20, 20, 20], windowMs: 60_000 } });
    await settled(1, 'delivered');
    expect(receiver.received).toHaveLength(3);
    const tokens = await Promise.all(receiver.received.map((one) => tokenOf(one.body)));
    expect(new Set(tokens.map(({ payload }) => payload.jti)).size).toBe(3);
    for (const { payload } of tokens) {
      expect(payload).toMatchObject({
        sub: AMBER,
        sid: 'sid-1',
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120);
      expect(payload).not.toHaveProperty('nonce');
    }
    expect(receiver.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(receiver.received[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it('names the user alone when all of their sessions end', async () => {
    await setup.register(receiver.url, { kind: 'backchannel_logout' });
    await setup.startWorker();
    await publish({ type: 'access.revoked', data: { reason: 'revoked_by_operator' } } as never);
    await settled(1, 'delivered');
    const { payload } = await tokenOf(receiver.received[0]?.body ?? '');
    expect(payload.sub).toBe(AMBER);
    expect(payload).not.toHaveProperty('sid');
  });
});

describe('a confirmation', () => {
  const subjectId = '3f2a1b00-0000-4000-8000-00000000000a';
  const states = async (now = new Date()) =>
    (await purgeConfirmations(setup.core, { tenantId: TENANT, subjectId }, now)).map((one) => one.state);

  beforeEach(async () => {
    await setup.admin.query(
      `insert into core.subjects (tenant_id, subject_id, region) values ($1, $2, 'eu')`,
      [TENANT, subjectId],
    );
    await setup.admin.query(
      'insert into core.pairwise_links (tenant_id, site_id, subject_id, user_ref) values ($1, $2, $3, $4)',
      [TENANT, SITE, subjectId, AMBER],
    );
  });

  it('comes in the answer, and the person sees it', async () => {
    await setup.register(receiver.url);
    receiver.answerWith((_request, response) => void response.writeHead(200).end('{"status":"purged"}'));
    await publish(WITHDRAWN);
    expect(await states()).toEqual(['on_its_way']);
    await setup.startWorker();
    await settled(1, 'delivered');
    await until(async () => (await states())[0] === 'confirmed', 'the confirmation');
    const [one] = await purgeConfirmations(setup.core, { tenantId: TENANT, subjectId }, new Date());
    expect(one).toMatchObject({ siteName: 'Shop', type: 'consent.withdrawn', attributes: ['contact:email'] });
    expect(one?.confirmedAt).toBeInstanceOf(Date);
  });

  it('is awaited for 72 hours, then overdue for person and operator', async () => {
    await setup.register(receiver.url);
    await setup.startWorker();
    await publish(WITHDRAWN);
    await publish(SESSION);
    await settled(2, 'delivered');
    expect(await states()).toEqual(['received']);
    const later = new Date(Date.now() + 73 * 3_600_000);
    expect(await states(later)).toEqual(['overdue']);
    const all = await tenantConfirmations(setup.core, { tenantId: TENANT }, later);
    expect(all.map(({ siteId, state }) => [siteId, state])).toEqual([[SITE, 'overdue']]);
  });

  it('cannot come from a site that was not reached', async () => {
    await setup.register(receiver.url);
    receiver.answerWith((_request, response) => void response.writeHead(500).end('{"status":"purged"}'));
    await setup.startWorker(ONCE);
    await publish(WITHDRAWN);
    await settled(1, 'parked');
    expect(await states()).toEqual(['not_delivered']);
  });

  it('of another person is not shown', async () => {
    const birch = `ppid_${'b'.repeat(26)}`;
    await setup.admin.query(
      `with other as (
         insert into core.subjects (tenant_id, subject_id, region) values ($1, gen_random_uuid(), 'eu') returning subject_id)
       insert into core.pairwise_links (tenant_id, site_id, subject_id, user_ref) select $1, $2, subject_id, $3 from other`,
      [TENANT, SITE, birch],
    );
    await publish(WITHDRAWN, birch);
    expect(await states()).toEqual([]);
  });
});

describe('events', () => {
  it('are forgotten thirty days after their last delivery, and not while one is on its way', async () => {
    await setup.register(receiver.url);
    await setup.startWorker();
    await publish();
    await settled(1, 'delivered');
    await setup.stopWorkers();
    await publish(WITHDRAWN);
    const age = (days: number) =>
      setup.admin.query(`update core.webhook_events set created_at = now() - make_interval(days => $1)`, [
        days,
      ]);
    await age(31);
    expect(await pruneWebhookEvents(setup.core, TENANT, new Date())).toBe(0);
    await setup.admin.query(
      `update core.webhook_deliveries set finished_at = now() - interval '31 days' where state = 'delivered'`,
    );
    expect(await pruneWebhookEvents(setup.core, TENANT, new Date())).toBe(1);
    const left = await setup.admin.query('select type from core.webhook_events');
    expect(left).toEqual([{ type: 'consent.withdrawn' }]);
    expect(await setup.admin.query('select 1 from core.webhook_attempts')).toEqual([]);
  });
});
