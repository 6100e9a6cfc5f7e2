import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FINISH_ERASURE_TASK, finishErasureTask } from '../../src/cell/erasure/finish-erasure.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { addFullPerson, type FullPerson, placesOf } from '../support/erasable-person.ts';
import { erasureOn } from '../support/erasure-fixture.ts';
import { until } from '../support/until.ts';

const WORKER = fileURLToPath(new URL('erasure-crash-worker.ts', import.meta.url));

let fixture: CellFixture;
let person: FullPerson;
let ledger: string;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());
beforeEach(async () => {
  person = await addFullPerson(fixture);
  ledger = mkdtempSync(join(tmpdir(), 'userref-ledger-'));
});
afterEach(() => rmSync(ledger, { recursive: true, force: true }));

async function eraseAndKillAt(moment: string, requestId: string): Promise<void> {
  const args = [moment, fixture.coreUrl, fixture.cellUrl, TENANT, person.subjectId, requestId, ledger];
  const child = spawn(process.execPath, ['--conditions=@userref/source', WORKER, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('here\n');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** The job waits 15 seconds for the call that was killed; a test need not. */
async function restart(requestId: string): Promise<void> {
  await fixture.cell.query(`update cell_jobs._private_jobs set run_at = now() where key like $1`, [
    `%${requestId}`,
  ]);
  const { deps } = erasureOn(fixture, ledger);
  const logger = createLogger({ level: 'silent' });
  const worker = await startWorker({
    ...{ pool: fixture.cell.pool, schema: 'cell_jobs', logger },
    tasks: { [FINISH_ERASURE_TASK]: finishErasureTask(deps) },
  });
  await until(async () => {
    const rows = await fixture.admin.query('select 1 from cell.unfinished_erasures');
    return rows.length === 0;
  }, 'the erasure to be finished');
  await worker.stop();
}

const events = () =>
  fixture.admin.query<{ user_ref: string; type: string }>(
    'select user_ref, type from core.webhook_events where user_ref = any ($1)',
    [Object.values(person.userRefs)],
  );

describe('a process that is killed in the middle of an erasure', () => {
  it.each([
    ['before the core knows', 'before-core', 0],
    ['after the core knows', 'after-core', 2],
  ])('%s: it is finished after a restart, and each site hears of it once', async (_name, moment, told) => {
    const requestId = `request-${moment}`;
    await eraseAndKillAt(moment, requestId);
    const { receipt } = erasureOn(fixture, ledger);
    expect((await receipt(requestId)).state).toBe('erasing');
    expect((await events()).filter((one) => one.type === 'subject.erased')).toHaveLength(told);

    await restart(requestId);
    expect((await receipt(requestId)).state).toBe('erased');
    const sites = (await events()).filter((one) => one.type === 'subject.erased');
    expect(sites.map((one) => one.user_ref).sort()).toEqual(Object.values(person.userRefs).sort());
    expect(await placesOf(fixture.admin, [person.subjectId])).toEqual([]);
  });

  it('at the core’s absence has emptied the cell already', async () => {
    await eraseAndKillAt('before-core', 'request-emptied');
    const places = await placesOf(fixture.admin, [person.subjectId]);
    const cell = places.filter((place) => place.startsWith('cell'));
    expect(cell).toEqual([`cell.unfinished_erasures: ${person.subjectId}`]);
    await restart('request-emptied');
  });
});

describe('while the core is away', () => {
  it('the person is erased in the cell, the receipt says so, and the sites follow later', async () => {
    const { erase, wall, receipt } = erasureOn(fixture, ledger);
    wall.away = true;
    expect((await erase(person.subjectId, 'request-away')).state).toBe('erasing');
    wall.away = false;
    await restart('request-away');
    expect(await receipt('request-away')).toMatchObject({ state: 'erased', sites: [{}, {}] });
  });
});
