import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ROTATION_TASK, type StepResult } from '../../../src/cell/vault/rotation/key-rotation.ts';
import { rotationTasks } from '../../../src/cell/vault/rotation/rotation-task.ts';
import type { Database } from '../../../src/database/database.ts';

const STEP_MS = 50;
const BATCH = { seen: 1, moved: 1, unreadable: 0, cursorAfter: undefined };

/** Runs a rotation of so many batches. @returns for how long it had nothing to do, as a multiple of the work */
async function restOver(batches: number, options: { rest?: number } = {}): Promise<number> {
  let left = batches;
  let worked = 0;
  const rotation = {
    scope: () => {
      throw new Error('nothing is queued behind a finished rotation');
    },
    async step(): Promise<StepResult> {
      const begunAt = performance.now();
      await sleep(STEP_MS);
      worked += performance.now() - begunAt;
      left -= 1;
      return left > 0 ? { result: 'more', batch: BATCH } : { result: 'finished' };
    },
  };
  const database = {} as Database;
  const begunAt = performance.now();
  await rotationTasks({ database, rotation, ...options })[ROTATION_TASK]?.({});
  return (performance.now() - begunAt - worked) / worked;
}

it('rotation in the background rests six times as long as it works', async () => {
  expect(await restOver(4)).toBeGreaterThan(5);
});

it('and does not when it is told not to', async () => {
  expect(await restOver(4, { rest: 0 })).toBeLessThan(5);
});
