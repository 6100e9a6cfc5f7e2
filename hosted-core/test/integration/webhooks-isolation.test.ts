import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishEvent } from '../../src/core/webhooks/publish-event.ts';
import { until } from '../support/until.ts';
import {
  type Receiver,
  SITE,
  setUpWebhooks,
  startReceiver,
  TENANT,
  type WebhooksSetup,
} from './webhooks-setup.ts';

let setup: WebhooksSetup;
let receiver: Receiver;
const closers: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  setup = await setUpWebhooks();
  receiver = await startReceiver();
});
afterEach(async () => {
  const stopped = setup.stopWorkers();
  // What a worker waits for comes to its end.
  for (const close of closers.splice(0)) await close();
  await stopped;
  await receiver.stop();
  await setup.drop();
});

/** A receiver that behaves badly in its own way. */
async function hostile(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

const publish = (count: number) =>
  setup.core.inTenant(TENANT, async (tx) => {
    for (let n = 0; n < count; n += 1) {
      await publishEvent(tx, {
        tenantId: TENANT,
        siteId: SITE,
        type: 'access.revoked',
        userRef: `ppid_${'abcdefgh'.charAt(n % 8).repeat(26)}`,
        data: { reason: 'revoked_by_site' },
        occurredAt: new Date(),
      });
    }
  });

const statesAt = (endpointId: string) =>
  setup.admin.query<{ state: string; n: number }>(
    'select state, count(*)::int as n from core.webhook_deliveries where endpoint_id = $1 group by state order by state',
    [endpointId],
  );

describe('an endpoint that never answers', () => {
  it('holds one lane; the events of others all arrive while it hangs', async () => {
    let waiting = 0;
    let most = 0;
    const url = await hostile((response) => {
      waiting += 1;
      most = Math.max(most, waiting);
      response.on('close', () => {
        waiting -= 1;
      });
    });
    const hanging = await setup.register(url);
    const good = await setup.register(receiver.url);
    await publish(24);
    await setup.startWorker({ concurrency: 4 });
    await until(() => receiver.received.length === 24, 'all events at the good endpoint');
    await until(
      async () => (await statesAt(good.endpointId)).every((one) => one.state === 'delivered'),
      'the good endpoint to be done',
    );
    expect(await statesAt(hanging.endpointId)).toEqual([{ state: 'pending', n: 24 }]);
    expect(most).toBe(1);
    // It was not that the hanging one had let go in the meantime.
    const [ended] = await setup.admin.query<{ n: number }>(
      `select count(*)::int as n from core.webhook_attempts a
       join core.webhook_deliveries d using (tenant_id, delivery_id) where d.endpoint_id = $1`,
      [hanging.endpointId],
    );
    expect(ended?.n).toBeLessThanOrEqual(1);
  });

  it('is known as slow afterwards, with several of its kind in four lanes together', async () => {
    const url = await hostile(() => {});
    const endpoints = [];
    for (let n = 0; n < 8; n += 1) endpoints.push(await setup.register(`${url}/${n}`));
    await setup.admin.query('update core.webhook_endpoints set slow = true');
    await setup.register(receiver.url);
    await publish(10);
    await setup.startWorker({ concurrency: 6 });
    await until(() => receiver.received.length === 10, 'the events of the good endpoint');
    const [leases] = await setup.admin.query<{ n: number }>(
      `select count(*)::int as n from core.webhook_deliveries d
       join core.webhook_endpoints e using (tenant_id, endpoint_id)
       where e.slow and lease_id is not null and lease_expires_at > now()`,
    );
    expect(leases?.n).toBeLessThanOrEqual(4);
  });
});

describe('one lane for each', () => {
  it('becomes four as deliveries succeed, and one again at a failure', async () => {
    const { endpointId } = await setup.register(receiver.url);
    await setup.startWorker({ schedule: { gapsMs: [], windowMs: 60_000 } });
    const lanes = async () => {
      const rows = await setup.admin.query<{ lanes: number }>(
        'select lanes from core.webhook_endpoints where endpoint_id = $1',
        [endpointId],
      );
      return rows[0]?.lanes;
    };
    await publish(6);
    await until(async () => (await lanes()) === 4, 'four lanes');
    receiver.answerWith((_request, response) => void response.writeHead(500).end());
    await publish(1);
    await until(async () => (await lanes()) === 1, 'one lane');
  });
});

describe('a hostile answer', () => {
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
  const kinds: [string, (response: ServerResponse) => void, string][] = [
    [
      '100 MB',
      (response) => {
        response.writeHead(200);
        const chunk = Buffer.alloc(1024 * 1024, 'x');
        let left = 100;
        const pump = () => {
          while (left > 0 && !response.destroyed) {
            left -= 1;
            if (!response.write(chunk)) return;
          }
          response.end();
        };
        response.on('drain', pump);
        pump();
      },
      'delivered',
    ],
    [
      'a gzip bomb',
      (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
      'delivered',
    ],
    [
      'a drop at a time, without end',
      (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('.'), 100);
        response.on('close', () => clearInterval(timer));
      },
      'delivered',
    ],
    [
      'a redirect inwards',
      (response) => void response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
      'parked',
    ],
    ['a broken connection', (response) => void response.destroy(), 'parked'],
  ];

  it.each(kinds)(
    'of %s ends its own attempt, and everybody else’s events arrive',
    async (_what, answer, end) => {
      const bad = await setup.register(await hostile(answer));
      const good = await setup.register(receiver.url);
      await publish(3);
      await setup.startWorker({ concurrency: 2, schedule: { gapsMs: [], windowMs: 60_000 } });
      await until(async () => receiver.received.length === 3, 'the events of the good endpoint');
      await until(
        async () => (await statesAt(bad.endpointId)).every((one) => one.state === end),
        `the attempts at the bad one to be ${end}`,
      );
      await until(
        async () => (await statesAt(good.endpointId)).every((one) => one.state === 'delivered'),
        'the good endpoint to be done',
      );
      const excerpts = await setup.admin.query<{ length: number }>(
        'select coalesce(max(length(body_excerpt)), 0) as length from core.webhook_attempts',
      );
      expect(excerpts[0]?.length).toBeLessThanOrEqual(512);
    },
  );

  it('cannot be had from a name that has become private: no socket is opened, others go on', async () => {
    let connects = 0;
    const listener = createTcpServer((socket) => {
      connects += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    closers.push(() => new Promise((done) => listener.close(done)));
    const { port } = listener.address() as AddressInfo;
    const rebound = await setup.register(receiver.url);
    // As if it had been public when it was registered.
    await setup.admin.query('update core.webhook_endpoints set url = $1 where endpoint_id = $2', [
      `https://[::ffff:127.0.0.1]:${port}/`,
      rebound.endpointId,
    ]);
    await setup.register(receiver.url);
    await publish(2);
    await setup.startWorker({ schedule: { gapsMs: [], windowMs: 60_000 } });
    await until(() => receiver.received.length === 2, 'the others');
    await until(
      async () => (await statesAt(rebound.endpointId)).every((one) => one.state === 'parked'),
      'the refusal',
    );
    const [attempt] = await setup.admin.query<{ failure: string }>(
      'select failure from core.webhook_attempts where failure is not null limit 1',
    );
    expect(attempt?.failure).toBe('address_not_allowed');
    expect(connects).toBe(0);
  });
});
