import { NO_PROOFS, startAuditLoop } from '../audit/audit-loop.ts';
import { startWorker } from '../jobs/worker.ts';
import { openWorkerDatabase } from '../jobs/worker-database.ts';
import { createOutboundFetch } from '../outbound/outbound-fetch.ts';
import type { CoreFoundation } from './core-foundation.ts';
import { erasureTasks, scheduleForgetting } from './erasure/erasure-tasks.ts';
import { forgetDisconnected } from './grants/disconnect-site.ts';
import type { ArtifactRepository } from './oidc/artifact-repository.ts';
import { purgeTask, schedulePurge } from './oidc/purge-expired.ts';
import { keepRevocationHouse } from './revocation/revocation-housekeeping.ts';
import { createDeliverWebhook } from './webhooks/deliver-webhook.ts';
import { DELIVER_WEBHOOK } from './webhooks/delivery-job.ts';
import { LogoutTokens } from './webhooks/logout-token.ts';

/** Most of them wait for sites to answer; see `lanes` in migration core/0004 for how these share. */
const JOBS_AT_A_TIME = 24;

/** Everything that the core does without being asked: webhooks, clearing up, numbering the audit log. */
export class CoreJobs {
  readonly #foundation: CoreFoundation;
  readonly #artifacts: ArtifactRepository;
  readonly #running: { stop(): Promise<void> }[] = [];

  constructor(foundation: CoreFoundation, artifacts: ArtifactRepository) {
    this.#foundation = foundation;
    this.#artifacts = artifacts;
  }

  async start(): Promise<void> {
    const { database, options, tombstones, signingKeys } = this.#foundation;
    const { logger, tenantId, auditProofs = NO_PROOFS } = options;
    const fetch = createOutboundFetch({ policy: options.outbound, timeoutMs: 15_000, maxBytes: 65_536 });
    const tasks = {
      [DELIVER_WEBHOOK]: createDeliverWebhook({
        ...{ database, secretBox: options.secrets, fetch, logger },
        logoutTokens: new LogoutTokens({ issuer: options.url, signingKeys }),
      }),
      ...purgeTask({
        database,
        artifacts: this.#artifacts,
        async alsoForget() {
          await forgetDisconnected(database, tenantId, new Date());
          await keepRevocationHouse(database, tenantId, new Date());
        },
      }),
      ...erasureTasks({ database, tombstones }),
    };
    const own = openWorkerDatabase(database, options.jobsDatabaseUrl);
    this.#running.push({ stop: () => own.close() });
    this.#running.push(
      await startWorker({
        pool: own.database.pool,
        schema: 'core_jobs',
        tasks,
        logger,
        concurrency: JOBS_AT_A_TIME,
      }),
    );
    await schedulePurge(database);
    await scheduleForgetting({ database });
    const chain = { database: own.database, schema: 'core', tenantId } as const;
    this.#running.push(startAuditLoop({ ...auditProofs, chain, logger }));
  }

  /** Lets running jobs finish. */
  async stop(): Promise<void> {
    for (const one of this.#running.splice(0).reverse()) await one.stop();
  }
}
