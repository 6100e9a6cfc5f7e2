import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../database/database.ts';
import type { JobTask } from '../../../jobs/job-queue.ts';
import { type KeyRotation, queueRotation, ROTATION_TASK, type StepResult } from './key-rotation.ts';
import type { RotationKind } from './rotation-repository.ts';

export interface RotationTaskOptions {
  readonly database: Database;
  readonly rotation: Pick<KeyRotation, 'step' | 'scope'>;
  /** A job works for about so long and then queues the next one. Default 5,000. */
  readonly sliceMs?: number;
  /**
   * Rest after a batch, as a multiple of the time that it took. Default 6: rotation has a seventh of the time of
   * one connection, and less of a busy machine, where a batch takes longer and the rest with it.
   */
  readonly rest?: number;
}

interface RotationPayload {
  readonly tenantId: string;
  readonly kind: RotationKind;
  readonly class: string;
}

const LONGEST_REST_MS = 1_000;
/** Longest wait between looks: the operator may have started over meanwhile. */
const LONGEST_WAIT_MS = 3_600_000;

/** The job that rotates keys: a slice of the work, then the next job. Twice or at once does no harm. */
export function rotationTasks(options: RotationTaskOptions): Record<string, JobTask> {
  const { database, rotation, sliceMs = 5_000, rest = 6 } = options;
  return {
    [ROTATION_TASK]: async (payload) => {
      const request = payload as unknown as RotationPayload;
      const until = performance.now() + sliceMs;
      let step: StepResult;
      do {
        const begunAt = performance.now();
        step = await rotation.step(request);
        await sleep(Math.min(rest * (performance.now() - begunAt), LONGEST_REST_MS));
      } while (step.result === 'more' && performance.now() < until);
      if (step.result === 'finished' || step.result === 'idle') return;
      const afterMs = step.result === 'waiting' ? Math.min(step.ms, LONGEST_WAIT_MS) : 0;
      await queueRotation(database, rotation.scope(request), afterMs);
    },
  };
}
