import { appendAudit } from '../../../audit/audit-log.ts';
import type { Queryable } from '../../../database/database.ts';
import { addJob, type JobTask } from '../../../jobs/job-queue.ts';
import type { EndedPerson, UpstreamGateway } from '../../../wall/upstream.ts';
import { endAllSessions } from './upstream-sessions-repository.ts';

export const END_SESSIONS_TASK = 'upstream-end-sessions';

interface Ending {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly auditRef: string;
  /** What happened there, such as `password_reset`. */
  readonly why: string;
  readonly requestId?: string;
}

/** Ends all sessions of a person here, and has the core end theirs, in the caller's transaction. */
export async function endSessions(tx: Queryable, ending: Ending): Promise<void> {
  const { tenantId, subjectId } = ending;
  const sessions = await endAllSessions(tx, { tenantId, subjectId });
  await noteEnded(tx, ending, sessions);
  await scheduleEnding(tx, { tenantId, subjectId, what: 'sessions' });
}

export async function noteEnded(
  tx: Queryable,
  { tenantId, auditRef, why, requestId }: Omit<Ending, 'subjectId'>,
  sessions: number,
): Promise<void> {
  await appendAudit(tx, 'cell', [
    { tenantId, action: 'upstream.sessions_ended', subjectRef: auditRef, requestId, data: { why, sessions } },
  ]);
}

export async function scheduleEnding(tx: Queryable, notice: EndedPerson): Promise<void> {
  const { subjectId, authTime } = notice;
  await addJob(tx, 'cell_jobs', {
    task: END_SESSIONS_TASK,
    payload: { ...notice },
    key: `${END_SESSIONS_TASK}/${subjectId}/${authTime ?? 'all'}`,
    maxAttempts: 1_000,
  });
}

export function endSessionsTask(core: UpstreamGateway): JobTask {
  return ({ tenantId, subjectId, authTime }) =>
    core.endPerson({
      tenantId: String(tenantId),
      subjectId: String(subjectId),
      what: 'sessions',
      ...(typeof authTime === 'number' && { authTime }),
    });
}
