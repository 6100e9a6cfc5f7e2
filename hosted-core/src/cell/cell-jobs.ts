import { NO_PROOFS, startAuditLoop } from '../audit/audit-loop.ts';
import type { Database } from '../database/database.ts';
import { startWorker } from '../jobs/worker.ts';
import { openWorkerDatabase } from '../jobs/worker-database.ts';
import type { CoreGateway } from '../wall/core-gateway.ts';
import type { CellOptions } from './cell-options.ts';
import { erasePerson } from './erasure/erase-person.ts';
import {
  type ErasureDependencies,
  FINISH_ERASURE_TASK,
  finishErasureTask,
} from './erasure/finish-erasure.ts';
import { cellTasks, scheduleHousekeeping } from './housekeeping.ts';
import type { UpstreamService } from './upstream/upstream-service.ts';
import { rotationTasks } from './vault/rotation/rotation-task.ts';
import type { Vault } from './vault/vault.ts';

export interface CellJobsOptions {
  readonly options: CellOptions;
  readonly database: Database;
  readonly erasure: ErasureDependencies & { readonly core: CoreGateway };
  readonly vault: Pick<Vault, 'rotation' | 'catalogue'>;
  readonly upstream: Pick<UpstreamService, 'tasks' | 'scheduleJobs'>;
}

/** Everything that the cell does without being asked: telling the core, clearing up, rotating keys, numbering the audit log. */
export class CellJobs {
  readonly #options: CellJobsOptions;
  readonly #running: { stop(): Promise<void> }[] = [];

  constructor(options: CellJobsOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { database, erasure, options, upstream } = this.#options;
    const { catalogue, rotation } = this.#options.vault;
    const { logger, tenantId, auditProofs = NO_PROOFS } = options;
    const { core, now } = erasure;
    const tasks = {
      ...cellTasks({
        ...{ database, core, logger, now, tenantId, catalogue },
        erase: (request) => erasePerson(erasure, request),
      }),
      ...rotationTasks({ database, rotation }),
      ...upstream.tasks,
      [FINISH_ERASURE_TASK]: finishErasureTask(erasure),
    };
    const own = openWorkerDatabase(database, options.jobsDatabaseUrl);
    this.#running.push({ stop: () => own.close() });
    this.#running.push(await startWorker({ pool: own.database.pool, schema: 'cell_jobs', tasks, logger }));
    await scheduleHousekeeping({ database });
    await upstream.scheduleJobs();
    const chain = { database: own.database, schema: 'cell', tenantId } as const;
    this.#running.push(startAuditLoop({ ...auditProofs, chain, logger }));
  }

  /** Lets running jobs finish. */
  async stop(): Promise<void> {
    for (const one of this.#running.splice(0).reverse()) await one.stop();
  }
}
