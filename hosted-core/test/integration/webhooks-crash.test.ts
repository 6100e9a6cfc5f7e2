import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
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

const WORKER = fileURLToPath(new URL('webhooks-crash-worker.ts', import.meta.url));
const LEASE_MS = 1_000;

let setup: WebhooksSetup;
let receiver: Receiver;
let child: ChildProcess | undefined;

beforeEach(async () => {
  setup = await setUpWebhooks();
  receiver = await startReceiver();
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await setup.stopWorkers();
  await receiver.stop();
  await setup.drop();
});

async function startDoomedWorker(): Promise<ChildProcess> {
  const settings = { coreUrl: setup.coreUrl, master: setup.master.toString('base64'), leaseMs: LEASE_MS };
  child = spawn(process.execPath, ['--conditions=@userref/source', WORKER, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

const publish = () =>
  setup.core.inTenant(TENANT, (tx) =>
    publishEvent(tx, {
      tenantId: TENANT,
      siteId: SITE,
      type: 'endpoint.test',
      data: {},
      occurredAt: new Date(),
    }),
  );

const state = async () =>
  (
    await setup.admin.query<{ state: string; attempts: number }>(
      'select state, attempts from core.webhook_deliveries',
    )
  )[0];

describe('a worker that is killed', () => {
  it('while it sends leaves a delivery that the next one sends again under the same id', async () => {
    await setup.register(receiver.url);
    receiver.answerWith(() => {});
    const doomed = await startDoomedWorker();
    const eventId = await publish();
    await until(() => receiver.received.length === 1, 'the first attempt');
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    expect(await state()).toEqual({ state: 'pending', attempts: 1 });

    receiver.answerWith((_request, response) => void response.writeHead(200).end());
    await setup.startWorker({ leaseMs: LEASE_MS, maxJobMs: LEASE_MS, recoverEveryMs: 100 });
    await until(async () => (await state())?.state === 'delivered', 'the second attempt');
    expect(receiver.received.map((one) => one.headers['webhook-id'])).toEqual([eventId, eventId]);
    expect(new Set(receiver.received.map((one) => one.body)).size).toBe(1);
  });

  it('keeps the job to itself until it is taken for dead (control)', async () => {
    await setup.register(receiver.url);
    receiver.answerWith(() => {});
    const doomed = await startDoomedWorker();
    await publish();
    await until(() => receiver.received.length === 1, 'the first attempt');
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    await setup.startWorker({ leaseMs: LEASE_MS });
    await new Promise((done) => setTimeout(done, 2.5 * LEASE_MS));
    expect(receiver.received).toHaveLength(1);
  });

  it('is not taken for dead while its lease lives', async () => {
    await setup.register(receiver.url);
    let finish = () => {};
    receiver.answerWith((_request, response) => {
      finish = () => void response.writeHead(200).end();
    });
    await setup.startWorker({ maxJobMs: 0, recoverEveryMs: 50 });
    await publish();
    await until(() => receiver.received.length === 1, 'the first attempt');
    await new Promise((done) => setTimeout(done, 1_500));
    expect(receiver.received).toHaveLength(1);
    finish();
    await until(async () => (await state())?.state === 'delivered', 'the end of the first attempt');
    expect(await state()).toEqual({ state: 'delivered', attempts: 1 });
  });
});
