import type { Queryable } from '../../database/database.ts';
import type { Tombstone } from '../../erasure/tombstone.ts';
import type { Tombstones } from '../../erasure/tombstones.ts';
import { addJob, type JobTask } from '../../jobs/job-queue.ts';
import { describeError, type Logger } from '../../observability/logger.ts';
import type { CoreGateway } from '../../wall/core-gateway.ts';
import type { ErasureQuery } from '../../wall/erasure.ts';
import { deleteUnfinished, findUnfinished, listUnfinished } from './erasures-repository.ts';

export interface ErasureDependencies {
  readonly tombstones: Tombstones;
  readonly core: Pick<CoreGateway, 'subjectErased' | 'informedSites'>;
  readonly logger: Logger;
  readonly now: () => Date;
  /** How long a backup that holds data keys is kept. */
  readonly backupWindowDays: number;
  /** What becomes of the account at the sign-in service, in words for the receipt. */
  readonly upstreamKeeps: string;
}

export const FINISH_ERASURE_TASK = 'finish-erasure';
/** The job is for when the call right after the commit did not get through. */
const SAFETY_NET_MS = 15_000;
/** It must not give up while the core is away: the person's sessions there would outlive them. */
const MAX_ATTEMPTS = 1_000;

export async function scheduleFinish(tx: Queryable, { tenantId, requestId }: ErasureQuery): Promise<void> {
  await addJob(tx, 'cell_jobs', {
    task: FINISH_ERASURE_TASK,
    payload: { tenantId, requestId },
    key: `${FINISH_ERASURE_TASK}/${requestId}`,
    runAt: new Date(Date.now() + SAFETY_NET_MS),
    maxAttempts: MAX_ATTEMPTS,
  });
}

/** Goes on where the erasure was committed. A failure is only noted: the job will do it again. */
export async function finishErasure(deps: ErasureDependencies, erasure: ErasureQuery): Promise<void> {
  await finish(deps, erasure).catch((error: unknown) => {
    deps.logger.warn({ err: describeError(error) }, 'an erasure is not finished yet, the job will do it');
  });
}

/** The handler of the job `finish-erasure`. Every step may be done twice. */
export function finishErasureTask(deps: ErasureDependencies): JobTask {
  return ({ tenantId, requestId }) =>
    finish(deps, { tenantId: String(tenantId), requestId: String(requestId) });
}

/** Finishes now whatever is unfinished. */
export async function finishAll(deps: ErasureDependencies): Promise<void> {
  const { database, tenantId } = deps.tombstones;
  const open = await database.inTenant(tenantId, (tx) => listUnfinished(tx, tenantId));
  for (const requestId of open) await finish(deps, { tenantId, requestId });
}

async function finish({ tombstones, core }: ErasureDependencies, erasure: ErasureQuery): Promise<void> {
  const { database, repository } = tombstones;
  const { tenantId, requestId } = erasure;
  const open = await database.inTenant(tenantId, async (tx) => {
    const subjectId = await findUnfinished(tx, { tenantId, requestId });
    const tombstone = await repository.findByRequest(tx, tenantId, requestId);
    return subjectId && tombstone && { subjectId, tombstone };
  });
  if (!open) return;
  await tombstones.publish();
  await core.subjectErased(noticeOf(open.tombstone, open.subjectId));
  await database.inTenant(tenantId, (tx) => deleteUnfinished(tx, { tenantId, requestId }));
}

function noticeOf({ tenantId, requestId, erasedAt, backupsUntil }: Tombstone, subjectId: string) {
  return { tenantId, requestId, subjectId, erasedAt, backupsUntil };
}
