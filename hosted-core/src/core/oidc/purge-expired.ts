import type { Queryable } from '../../database/database.ts';
import { addJob, type JobTask } from '../../jobs/job-queue.ts';
import type { ArtifactRepository } from './artifact-repository.ts';

const PURGE_TASK = 'purge-expired-artifacts';
const EVERY_MS = 600_000;

/** Forgets sessions, codes and tokens that have expired; every ten minutes, by one process at a time. */
export function purgeTask({
  database,
  artifacts,
  alsoForget,
}: {
  database: Queryable;
  artifacts: ArtifactRepository;
  /** What else has come to its end. */
  alsoForget: () => Promise<void>;
}): Record<string, JobTask> {
  return {
    [PURGE_TASK]: async () => {
      await artifacts.deleteExpired();
      await alsoForget();
      await schedulePurge(database);
    },
  };
}

export async function schedulePurge(database: Queryable): Promise<void> {
  const runAt = new Date(Date.now() + EVERY_MS);
  await addJob(database, 'core_jobs', { task: PURGE_TASK, payload: {}, key: PURGE_TASK, runAt });
}
