import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ROTATION_TASK, type StepResult } from '../../../src/cell/vault/rotation/key-rotation.ts';
import { rotationTasks } from '../../../src/cell/vault/rotation/rotation-task.ts';
import type { Database } from '../../../src/database/database.ts';

/** Time passes here by work and by rest alone. */
const clock = vi.hoisted(() => ({ ms: 0, rests: [] as number[] }));
vi.mock(import('node:timers/promises'), async (original) => ({
  ...(await original()),
  setTimeout: (async (ms: number) => {
    clock.rests.push(ms);
    clock.ms += ms;
  }) as never,
}));
beforeEach(() => {
  clock.rests = [];
  vi.spyOn(performance, 'now').mockImplementation(() => clock.ms);
});
afterEach(() => vi.restoreAllMocks());

const BATCH = { seen: 1, moved: 1, unreadable: 0, cursorAfter: undefined };

/** Runs a rotation of batches that take so long. @returns how long it rested after each */
async function restsAfter(batches: readonly number[], options: { rest?: number } = {}): Promise<number[]> {
  const left = [...batches];
  const rotation = {
    scope: () => {
      throw new Error('nothing is queued behind a finished rotation');
    },
    async step(): Promise<StepResult> {
      clock.ms += left.shift() ?? 0;
      return left.length > 0 ? { result: 'more', batch: BATCH } : { result: 'finished' };
    },
  };
  await rotationTasks({ database: {} as Database, rotation, ...options })[ROTATION_TASK]?.({});
  return clock.rests;
}

it('rotation in the background rests six times as long as it works, and a second at the most', async () => {
  expect(await restsAfter([50, 100, 500])).toEqual([300, 600, 1_000]);
});

it('and does not when it is told not to', async () => {
  expect(await restsAfter([50, 100], { rest: 0 })).toEqual([0, 0]);
});
