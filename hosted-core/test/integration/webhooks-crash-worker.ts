/** A worker in a process of its own, for tests that kill it. Says `ready` once it runs. */
import { createDeliverWebhook } from '../../src/core/webhooks/deliver-webhook.ts';
import { DELIVER_WEBHOOK } from '../../src/core/webhooks/delivery-job.ts';
import { Database } from '../../src/database/database.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { createOutboundFetch } from '../../src/outbound/outbound-fetch.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';

interface Settings {
  readonly coreUrl: string;
  readonly master: string;
  readonly leaseMs: number;
}

const { coreUrl, master, leaseMs } = JSON.parse(process.argv[2] ?? '{}') as Settings;
const database = new Database({ connectionString: coreUrl, applicationName: 'doomed worker' });
const logger = createLogger({ level: 'silent' });
const deliver = createDeliverWebhook({
  database,
  secretBox: new SecretBox(Buffer.from(master, 'base64')),
  fetch: createOutboundFetch({ policy: 'public-and-loopback', timeoutMs: 20_000, maxBytes: 10_000 }),
  logger,
  leaseMs,
  maxJitterMs: 0,
});
await startWorker({
  pool: database.pool,
  schema: 'core_jobs',
  tasks: { [DELIVER_WEBHOOK]: deliver },
  logger,
});
process.stdout.write('ready\n');
