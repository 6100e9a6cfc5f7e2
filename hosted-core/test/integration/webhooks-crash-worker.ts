/** A worker in a process of its own, for tests that kill it. Says `ready` once it runs. */

import { SigningKeyRepository } from '../../src/core/oidc/signing-key-repository.ts';
import { SigningKeys } from '../../src/core/oidc/signing-keys.ts';
import { createDeliverWebhook } from '../../src/core/webhooks/deliver-webhook.ts';
import { DELIVER_WEBHOOK } from '../../src/core/webhooks/delivery-job.ts';
import { LogoutTokens } from '../../src/core/webhooks/logout-token.ts';
import { Database } from '../../src/database/database.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { createOutboundFetch } from '../../src/outbound/outbound-fetch.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';

interface Settings {
  readonly coreUrl: string;
  readonly master: string;
  readonly leaseMs: number;
  readonly maxJobMs?: number;
  readonly recoverEveryMs?: number;
}

const { coreUrl, master, leaseMs, ...recovery } = JSON.parse(process.argv[2] ?? '{}') as Settings;
const database = new Database({ connectionString: coreUrl, applicationName: 'doomed worker' });
const logger = createLogger({ level: 'silent' });
const secretBox = new SecretBox(Buffer.from(master, 'base64'));
const repository = new SigningKeyRepository(database, 'default');
const signingKeys = new SigningKeys({ repository, secrets: secretBox, tenantId: 'default' });
const deliver = createDeliverWebhook({
  database,
  secretBox,
  logoutTokens: new LogoutTokens({ issuer: 'http://localhost:4000', signingKeys }),
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
  ...recovery,
});
process.stdout.write('ready\n');
