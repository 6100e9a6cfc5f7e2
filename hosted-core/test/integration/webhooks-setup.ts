import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SigningKeyRepository } from '../../src/core/oidc/signing-key-repository.ts';
import { SigningKeys } from '../../src/core/oidc/signing-keys.ts';
import { createDeliverWebhook, type DeliverWebhookOptions } from '../../src/core/webhooks/deliver-webhook.ts';
import { DELIVER_WEBHOOK } from '../../src/core/webhooks/delivery-job.ts';
import { LogoutTokens } from '../../src/core/webhooks/logout-token.ts';
import { type NewEndpoint, WebhookEndpoints } from '../../src/core/webhooks/webhook-endpoints.ts';
import { Database } from '../../src/database/database.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { createOutboundFetch } from '../../src/outbound/outbound-fetch.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

export const TENANT = 'default';
export const SITE = 'shop-a';
export const ISSUER = 'http://localhost:4000';
export const logger = createLogger({ level: process.env.TEST_LOG ?? 'silent' });

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A site's server: remembers every request, and answers as it is told. */
export async function startReceiver() {
  const received: Received[] = [];
  let answer = (_request: Received, response: ServerResponse): void => void response.writeHead(204).end();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    received.push(one);
    answer(one, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith(next: typeof answer) {
      answer = next;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Recovery {
  readonly concurrency?: number;
  readonly maxJobMs?: number;
  readonly recoverEveryMs?: number;
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** A database with one tenant and one site, and what it takes to run workers on it. */
export async function setUpWebhooks() {
  const database = await createTestDatabase();
  await seed(database);
  const master = randomBytes(32);
  const secretBox = new SecretBox(master);
  const endpoints = new WebhookEndpoints({ secretBox, policy: 'public-and-loopback' });
  const running: { stop(): Promise<void> }[] = [];
  const repository = new SigningKeyRepository(database.core, TENANT);
  const signingKeys = new SigningKeys({ repository, secrets: secretBox, tenantId: TENANT });
  const logoutTokens = new LogoutTokens({ issuer: ISSUER, signingKeys });
  return {
    ...database,
    master,
    secretBox,
    signingKeys,
    endpoints,
    register: (url: string, more: Partial<NewEndpoint> = {}) =>
      database.core.inTenant(TENANT, (tx) =>
        endpoints.register(tx, { tenantId: TENANT, siteId: SITE, url, ...more }),
      ),
    /** A worker with connections of its own, as in a process of its own. */
    async startWorker(options: Partial<DeliverWebhookOptions> & Recovery = {}) {
      const own = new Database({ connectionString: database.coreUrl, applicationName: 'worker' });
      const fetch = createOutboundFetch({
        policy: 'public-and-loopback',
        timeoutMs: 20_000,
        maxBytes: 10_000,
      });
      const task = createDeliverWebhook({
        database: own,
        secretBox,
        logoutTokens,
        fetch,
        logger,
        maxJitterMs: 0,
        ...options,
      });
      const worker = await startWorker({
        pool: own.pool,
        schema: 'core_jobs',
        tasks: { [DELIVER_WEBHOOK]: task },
        logger,
        concurrency: options.concurrency ?? 8,
        ...(options.maxJobMs !== undefined && { maxJobMs: options.maxJobMs }),
        ...(options.recoverEveryMs && { recoverEveryMs: options.recoverEveryMs }),
      });
      const stop = async () => {
        await worker.stop();
        await own.close();
      };
      running.push({ stop });
    },
    async stopWorkers() {
      await Promise.all(running.splice(0).map((worker) => worker.stop()));
    },
  };
}

export type WebhooksSetup = Awaited<ReturnType<typeof setUpWebhooks>>;

async function seed(database: TestDatabase): Promise<void> {
  for (const [tenant, issuer] of [
    [TENANT, ISSUER],
    ['other', 'http://localhost:4999'],
  ]) {
    await database.admin.query('insert into core.tenants (tenant_id, issuer) values ($1, $2)', [
      tenant,
      issuer,
    ]);
    await database.admin.query(
      `insert into core.sites (tenant_id, site_id, name, origin, redirect_uris, secret_sha256)
       values ($1, $2, 'Shop', 'http://localhost:4010', '{}', '\\x00')`,
      [tenant, SITE],
    );
  }
}
