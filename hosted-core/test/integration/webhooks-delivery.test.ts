import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OutgoingEvent, publishEvent } from '../../src/core/webhooks/publish-event.ts';
import { replayDelivery } from '../../src/core/webhooks/replay-delivery.ts';
import type { RetrySchedule } from '../../src/core/webhooks/retry-schedule.ts';
import { until } from '../support/until.ts';
import {
  type Receiver,
  SITE,
  setUpWebhooks,
  startReceiver,
  TENANT,
  type WebhooksSetup,
} from './webhooks-setup.ts';

const AMBER = `ppid_${'a'.repeat(26)}`;
const BIRCH = `ppid_${'b'.repeat(26)}`;
const QUICK: RetrySchedule = { gapsMs: [50, 50, 50, 50], windowMs: 60_000 };

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

function withdrawal(userRef = AMBER): OutgoingEvent {
  return {
    tenantId: TENANT,
    siteId: SITE,
    type: 'consent.withdrawn',
    userRef,
    occurredAt: new Date('2026-11-22T09:00:00.123Z'),
    data: {
      consent_id: `con_${'c'.repeat(26)}`,
      attributes: ['address:shipping'],
      purpose: 'order_delivery',
    },
  };
}

const publish = (event = withdrawal()) => setup.core.inTenant(TENANT, (tx) => publishEvent(tx, event));

interface DeliveryState {
  delivery_id: string;
  state: string;
  attempts: number;
}

const deliveries = () =>
  setup.admin.query<DeliveryState>(
    'select delivery_id, state, attempts from core.webhook_deliveries order by sequence',
  );

const allIn = (state: string, count = 1) =>
  until(async () => {
    const rows = await deliveries();
    return rows.length === count && rows.every((row) => row.state === state) ? rows : undefined;
  }, `${count} deliveries ${state}`);

describe('the outbox', () => {
  it('keeps nothing of a transaction that fails, and everything of one that commits', async () => {
    await setup.register(receiver.url);
    const failing = setup.core.inTenant(TENANT, async (tx) => {
      await publishEvent(tx, withdrawal());
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    const count = async (table: string) =>
      (await setup.admin.query<{ n: number }>(`select count(*)::int n from ${table}`))[0]?.n;
    for (const table of ['core.webhook_events', 'core.webhook_deliveries', 'core_jobs.jobs']) {
      expect(await count(table)).toBe(0);
    }
    await publish();
    for (const table of ['core.webhook_events', 'core.webhook_deliveries', 'core_jobs.jobs']) {
      expect(await count(table)).toBe(1);
    }
  });

  it('takes nothing for a user_ref that is none', async () => {
    await setup.register(receiver.url);
    for (const userRef of ['', 'somebody', `${AMBER}a`, AMBER.toUpperCase()]) {
      await expect(publish(withdrawal(userRef))).rejects.toMatchObject({ code: 'internal_error' });
    }
    expect(await deliveries()).toEqual([]);
  });

  it('puts neither the person nor the body into the job', async () => {
    await setup.register(receiver.url);
    await publish();
    const [job] = await setup.admin.query<{ payload: object }>('select payload from core_jobs._private_jobs');
    expect(Object.keys(job?.payload ?? {}).sort()).toEqual(['deliveryId', 'spread', 'tenantId']);
    expect(JSON.stringify(job)).not.toContain('ppid_');
  });

  it('is closed to other tenants and to no tenant', async () => {
    await setup.register(receiver.url);
    await publish();
    for (const table of ['webhook_endpoints', 'webhook_events', 'webhook_deliveries', 'webhook_attempts']) {
      expect(await setup.core.query(`select 1 from core.${table}`)).toEqual([]);
      expect(await setup.core.inTenant('other', (tx) => tx.query(`select 1 from core.${table}`))).toEqual([]);
      await expect(setup.cell.query(`select 1 from core.${table}`)).rejects.toThrow('permission denied');
    }
    const [delivery] = await deliveries();
    const foreign = replayDelivery(setup.core, {
      tenantId: 'other',
      deliveryId: delivery?.delivery_id ?? '',
    });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  });

  it('stores the endpoint’s secret sealed', async () => {
    const { secret } = await setup.register(receiver.url);
    const rows = await setup.admin.query<{ sealed_secret: Buffer }>(
      'select sealed_secret from core.webhook_endpoints',
    );
    expect(rows[0]?.sealed_secret.includes(Buffer.from(secret.slice(6, 20)))).toBe(false);
    expect(rows[0]?.sealed_secret.includes(Buffer.from(secret.slice(6), 'base64'))).toBe(false);
  });

  it.each([
    'http://10.0.0.1/hook',
    'https://169.254.169.254/',
    'https://localhost:6379/',
    'file:///etc/passwd',
    'x',
  ])('refuses the endpoint %s', async (url) => {
    await expect(setup.register(url)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('delivery', () => {
  it('is due at once, and sends the contract’s body, signed so that the reference implementation accepts it', async () => {
    const { secret } = await setup.register(receiver.url);
    const eventId = await publish();
    const due = await setup.admin.query(
      'select 1 from core_jobs.jobs where run_at <= now() and attempts = 0',
    );
    expect(due).toHaveLength(1);
    await setup.startWorker();
    const [one] = await until(() => receiver.received, 'the event');
    expect(one?.headers['webhook-id']).toBe(eventId);
    expect(eventId).toMatch(/^evt_[a-z2-7]{26}$/);
    const verified = new Webhook(secret).verify(one?.body ?? '', one?.headers as Record<string, string>);
    expect(verified).toEqual({
      type: 'consent.withdrawn',
      timestamp: '2026-11-22T09:00:00Z',
      data: {
        user_ref: AMBER,
        consent_id: `con_${'c'.repeat(26)}`,
        attributes: ['address:shipping'],
        purpose: 'order_delivery',
      },
    });
    expect(Object.keys(verified as object)).toEqual(['type', 'timestamp', 'data']);
    await allIn('delivered');
  });

  it('happens once for each endpoint under three workers', async () => {
    await setup.register(receiver.url);
    await setup.register(`${receiver.url}/second`);
    await Promise.all([setup.startWorker(), setup.startWorker(), setup.startWorker()]);
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, n) => publish(withdrawal(n % 2 ? AMBER : BIRCH))),
    );
    await allIn('delivered', 40);
    const seen = receiver.received.map((one) => `${one.path} ${one.headers['webhook-id']}`).sort();
    expect(seen).toEqual(ids.flatMap((id) => [`/hook ${id}`, `/hook/second ${id}`]).sort());
  });

  it('waits in the database while no worker runs', async () => {
    await setup.register(receiver.url);
    const eventId = await publish();
    await new Promise((done) => setTimeout(done, 300));
    expect(receiver.received).toEqual([]);
    await setup.startWorker();
    await allIn('delivered');
    expect(receiver.received.map((one) => one.headers['webhook-id'])).toEqual([eventId]);
  });

  it('tries again with the same id and body and a fresh signature', async () => {
    const { secret } = await setup.register(receiver.url);
    receiver.answerWith((_request, response) => {
      response.writeHead(receiver.received.length < 3 ? 500 : 200).end();
    });
    let clock = Date.now() - 10_000;
    const now = () => {
      clock += 2_000;
      return new Date(clock);
    };
    await setup.startWorker({ schedule: QUICK, now });
    const eventId = await publish();
    await allIn('delivered');
    expect(receiver.received.map((one) => one.headers['webhook-id'])).toEqual([eventId, eventId, eventId]);
    expect(new Set(receiver.received.map((one) => one.body)).size).toBe(1);
    expect(new Set(receiver.received.map((one) => one.headers['webhook-signature'])).size).toBe(3);
    for (const one of receiver.received)
      new Webhook(secret).verify(one.body, one.headers as Record<string, string>);
    const attempts = await setup.admin.query(
      'select status, failure from core.webhook_attempts order by attempt_id',
    );
    expect(attempts).toEqual([500, 500, 200].map((status) => ({ status, failure: null })));
  });

  it('reaches a receiver that was down and has come up', async () => {
    const url = receiver.url;
    await receiver.stop();
    await setup.register(url);
    await setup.startWorker({ schedule: { gapsMs: Array(20).fill(100), windowMs: 60_000 } });
    await publish();
    await until(async () => ((await deliveries())[0]?.attempts ?? 0) > 0, 'a failed attempt');
    const [attempt] = await until(
      async () => setup.admin.query<{ failure: string }>('select failure from core.webhook_attempts'),
      'the record of it',
    );
    expect(attempt?.failure).toBe('connect_failed');
    const second = await startReceiver();
    try {
      await setup.admin.query('update core.webhook_endpoints set url = $1', [second.url]);
      await allIn('delivered');
      expect(second.received).toHaveLength(1);
    } finally {
      await second.stop();
      receiver = await startReceiver();
    }
  });

  it('parks after the last attempt; a replay sends the same id and body', async () => {
    await setup.register(receiver.url);
    receiver.answerWith((_request, response) => void response.writeHead(500).end());
    await setup.startWorker({ schedule: { gapsMs: [20], windowMs: 60_000 } });
    await publish();
    const [parked] = await allIn('parked');
    expect(receiver.received).toHaveLength(2);
    receiver.answerWith((_request, response) => void response.writeHead(200).end());
    await replayDelivery(setup.core, { tenantId: TENANT, deliveryId: parked?.delivery_id ?? '' });
    await allIn('delivered');
    expect(new Set(receiver.received.map((one) => one.headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map((one) => one.body)).size).toBe(1);
    const audit = await setup.admin.query<{ action: string }>(
      `select action from core.audit_events where action like 'webhook.%' order by entry_id`,
    );
    expect(audit.map((entry) => entry.action)).toEqual([
      'webhook.endpoint_registered',
      'webhook.enqueued',
      'webhook.parked',
      'webhook.replayed',
      'webhook.delivered',
    ]);
  });

  it('does not follow a redirect', async () => {
    await setup.register(receiver.url);
    receiver.answerWith(
      (_request, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
    );
    await setup.startWorker({ schedule: { gapsMs: [], windowMs: 60_000 } });
    await publish();
    await allIn('parked');
    expect(receiver.received.map((one) => one.path)).toEqual(['/hook']);
  });

  it('stops for good at an endpoint that answers 410', async () => {
    const { endpointId } = await setup.register(receiver.url);
    receiver.answerWith((_request, response) => void response.writeHead(410).end());
    await publish();
    await publish();
    await setup.startWorker({ schedule: QUICK });
    const [first] = await allIn('parked', 2);
    const query = { tenantId: TENANT, siteId: SITE };
    const [endpoint] = await setup.core.inTenant(TENANT, (tx) => setup.endpoints.list(tx, query));
    expect(endpoint).toMatchObject({ endpointId, state: 'disabled', disabledReason: 'gone' });
    await publish();
    expect(await deliveries()).toHaveLength(2);
    expect(receiver.received).toHaveLength(1);
    const replay = replayDelivery(setup.core, { tenantId: TENANT, deliveryId: first?.delivery_id ?? '' });
    await expect(replay).rejects.toMatchObject({ code: 'conflict' });
  });

  it('waits as long as Retry-After asks', async () => {
    await setup.register(receiver.url);
    receiver.answerWith(
      (_request, response) => void response.writeHead(429, { 'retry-after': '3600' }).end(),
    );
    await setup.startWorker({ schedule: { gapsMs: [10], windowMs: 7_200_000 } });
    await publish();
    const [attempt] = await until(
      () => setup.admin.query('select 1 from core.webhook_attempts'),
      'an attempt',
    );
    expect(attempt).toBeDefined();
    const [row] = await setup.admin.query<{ wait: number }>(
      'select extract(epoch from next_attempt_at - now())::int as wait from core.webhook_deliveries',
    );
    expect(row?.wait).toBeGreaterThan(3_500);
  });

  it('signs with both secrets after a rotation', async () => {
    const { endpointId, secret: old } = await setup.register(receiver.url);
    const { secret } = await setup.core.inTenant(TENANT, (tx) =>
      setup.endpoints.rotateSecret(tx, { tenantId: TENANT, endpointId }),
    );
    await setup.startWorker();
    await publish();
    await allIn('delivered');
    const one = receiver.received[0];
    for (const each of [secret, old]) {
      new Webhook(each).verify(one?.body ?? '', one?.headers as Record<string, string>);
    }
  });
});

describe('the first attempt', () => {
  it('is spread in time over the sites, so that nobody sees who was told together', async () => {
    for (let n = 0; n < 6; n += 1) await setup.register(`${receiver.url}/${n}`);
    const times: number[] = [];
    receiver.answerWith((_request, response) => {
      times.push(performance.now());
      response.writeHead(200).end();
    });
    await setup.startWorker({ maxJitterMs: 2_000 });
    await publish();
    await allIn('delivered', 6);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(150);
  });
});

describe('the order of one person’s events', () => {
  it('is kept by many workers, also when the first needs a second attempt', async () => {
    await setup.register(receiver.url);
    receiver.answerWith(
      (_request, response) => void response.writeHead(receiver.received.length === 1 ? 500 : 200).end(),
    );
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await publish());
    await Promise.all([setup.startWorker({ schedule: QUICK }), setup.startWorker({ schedule: QUICK })]);
    await allIn('delivered', 6);
    expect(receiver.received.map((one) => one.headers['webhook-id'])).toEqual([ids[0], ...ids]);
  });

  it('does not let an event that keeps failing hold up the others', async () => {
    await setup.register(receiver.url);
    const poison = await publish();
    const others = [await publish(), await publish()];
    receiver.answerWith((request, response) => {
      response.writeHead(request.headers['webhook-id'] === poison ? 500 : 200).end();
    });
    await setup.startWorker({ schedule: { gapsMs: [50, 3_600_000], windowMs: 7_200_000 } });
    await until(
      async () => (await deliveries()).filter((row) => row.state === 'delivered').length === 2,
      'the others',
    );
    expect(receiver.received.map((one) => one.headers['webhook-id'])).toEqual([poison, poison, ...others]);
  });
});
