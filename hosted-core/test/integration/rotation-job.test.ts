import { afterAll, beforeAll, expect, it } from 'vitest';
import { rotationTasks } from '../../src/cell/vault/rotation/rotation-task.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { AT_ONCE, addPeople, forgetfulVault, keysByVersion } from '../support/rotation-fixture.ts';
import { until } from '../support/until.ts';

let fixture: CellFixture;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());

it('rotations run in the background, slice by slice, in as many processes as there are', async () => {
  await addPeople(fixture, 12);
  const workers = await Promise.all(
    [1, 2].map(() => {
      const { rotation } = forgetfulVault(fixture, { rotationBatch: { kek: 2, dek: 2 } });
      // A slice is over after its first batch, so there are many jobs.
      const tasks = rotationTasks({ database: fixture.cell, rotation, sliceMs: 0, rest: 0 });
      return startWorker({
        pool: fixture.cell.pool,
        schema: 'cell_jobs',
        tasks,
        logger: createLogger({ level: 'silent' }),
      });
    }),
  );
  const { rotation, keys } = forgetfulVault(fixture);
  await rotation.start({ tenantId: TENANT, kind: 'kek', class: 'identity', ...AT_ONCE });
  await rotation.start({ tenantId: TENANT, kind: 'dek', class: 'contact', ...AT_ONCE });
  const finished = async () => (await keys.rotations(TENANT)).every((one) => one.state === 'finished');
  await until(finished, 'both rotations');
  expect(await keysByVersion(fixture, 'identity')).toEqual({ 2: 12 });
  await until(async () => (await jobs()) === 0, 'no job left over');
  await Promise.all(workers.map((worker) => worker.stop()));
});

it('a job without a rotation, and the same job again, does nothing', async () => {
  const tasks = rotationTasks({ database: fixture.cell, rotation: fixture.vault.rotation });
  for (let count = 0; count < 2; count += 1) {
    await tasks['rotate-keys']?.({ tenantId: TENANT, kind: 'kek', class: 'identity' });
  }
  expect(await jobs()).toBe(0);
});

async function jobs(): Promise<number> {
  const rows = await fixture.admin.query(
    `select 1 from cell_jobs.jobs where task_identifier = 'rotate-keys'`,
  );
  return rows.length;
}
