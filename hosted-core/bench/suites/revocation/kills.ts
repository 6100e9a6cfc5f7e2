import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { publishEvent } from '../../../src/core/webhooks/publish-event.ts';
import { WebhookEndpoints } from '../../../src/core/webhooks/webhook-endpoints.ts';
import { Database } from '../../../src/database/database.ts';
import { startEmbeddedPostgres } from '../../../src/database/embedded-postgres.ts';
import { prepareDatabase } from '../../../src/database/prepare-database.ts';
import { newUserRef } from '../../../src/ids/random-ids.ts';
import { SecretBox } from '../../../src/secrets/secret-box.ts';
import type { Figure } from '../../figures.ts';
import type { SuiteContext } from '../../settings.ts';
import { temporaryFolder } from '../start-core.ts';
import { countFigure } from './figure.ts';
import { listen } from './stage.ts';

const WORKER = fileURLToPath(new URL('../../../test/integration/webhooks-crash-worker.ts', import.meta.url));
const TENANT = 'default';
const SITE = 'kill-shop';
const EVENTS_A_KILL = 4;
/** A worker is killed this long after it began at the latest, or a moment after it has sent something. */
const LONGEST_LIFE_MS = 1_500;
const LONGEST_AFTER_SENDING_MS = 25;
const AT_A_TIME = 2;
const GIVE_UP_MS = 90_000;

interface Outbox {
  readonly database: Database;
  readonly coreUrl: string;
  readonly master: Buffer;
}

/** Workers that die by SIGKILL while they deliver. Every event that was committed arrives in the end. */
export async function killsFigure(context: SuiteContext): Promise<Figure> {
  const { kills } = context.pace.revocation;
  context.note(`${kills} workers are killed while they deliver`);
  const received: string[] = [];
  const arrivals = new EventEmitter();
  const url = await listen(context, (request, response) => {
    received.push(String(request.headers['webhook-id']));
    arrivals.emit('arrival');
    setTimeout(() => response.writeHead(204).end(), randomInt(20));
  });
  const outbox = await openOutbox(context, url);
  const published: string[] = [];
  let left = kills;
  const work = async () => {
    for (; left > 0; ) {
      left -= 1;
      context.signal.throwIfAborted();
      const child = await startWorker(outbox);
      const ids = await Promise.all(Array.from({ length: EVENTS_A_KILL }, () => publish(outbox)));
      published.push(...ids);
      await Promise.race([sleep(randomInt(LONGEST_LIFE_MS)), once(arrivals, 'arrival')]);
      await sleep(randomInt(LONGEST_AFTER_SENDING_MS));
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  const whenKilled = new Set(received).size;
  const survivor = await startWorker(outbox, { maxJobMs: 2_000, recoverEveryMs: 500 });
  context.defer(async () => void survivor.kill('SIGKILL'));
  const lost = () => published.filter((id) => !received.includes(id)).length;
  for (const end = performance.now() + GIVE_UP_MS; lost() > 0 && performance.now() < end; ) await sleep(100);
  return countFigure('lost_events_after_kills', lost(), {
    aim: 0,
    meaning:
      'events that were committed and never arrived, over kill -9 of workers between commit and acknowledgement',
    details: [
      `${kills} kills, ${published.length} events; ${whenKilled} had arrived before the last kill, ${received.length - new Set(received).size} arrived more than once`,
    ],
  });
}

async function openOutbox(context: SuiteContext, url: string): Promise<Outbox> {
  const server = await startEmbeddedPostgres({ dataDir: join(temporaryFolder(context), 'database') });
  context.defer(() => server.stop());
  const passwords = {
    corePassword: randomBytes(16).toString('hex'),
    cellPassword: randomBytes(16).toString('hex'),
  };
  const urls = await prepareDatabase({ serverUrl: server.adminUrl, database: 'kills', ...passwords });
  const admin = new pg.Client({ connectionString: urls.adminUrl });
  await admin.connect();
  await admin.query('insert into core.tenants (tenant_id, issuer) values ($1, $2)', [
    TENANT,
    'http://localhost:4000',
  ]);
  await admin.query(
    `insert into core.sites (tenant_id, site_id, name, origin, redirect_uris, secret_sha256)
     values ($1, $2, $2, 'http://localhost:9', '{}', '\\x00')`,
    [TENANT, SITE],
  );
  await admin.end();
  const database = new Database({ connectionString: urls.coreUrl, applicationName: 'bench' });
  context.defer(() => database.close());
  const master = randomBytes(32);
  const endpoints = new WebhookEndpoints({ secretBox: new SecretBox(master), policy: 'public-and-loopback' });
  await database.inTenant(TENANT, (tx) => endpoints.register(tx, { tenantId: TENANT, siteId: SITE, url }));
  return { database, coreUrl: urls.coreUrl, master };
}

function publish({ database }: Outbox): Promise<string> {
  return database.inTenant(TENANT, (tx) =>
    publishEvent(tx, {
      ...{
        tenantId: TENANT,
        siteId: SITE,
        occurredAt: new Date(),
        type: 'access.revoked',
        userRef: newUserRef(),
      },
      data: { reason: 'revoked_by_site' as const },
    }),
  );
}

async function startWorker({ coreUrl, master }: Outbox, recovery: object = {}): Promise<ChildProcess> {
  const settings = { coreUrl, master: master.toString('base64'), leaseMs: 1_000, ...recovery };
  const child = spawn(process.execPath, ['--conditions=@userref/source', WORKER, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  return child;
}
