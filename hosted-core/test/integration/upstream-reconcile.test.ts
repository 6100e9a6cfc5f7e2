import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECONCILE_TASK } from '../../src/cell/upstream/reconciliation/reconcile-task.ts';
import { auditActions, Browser, type LogtoCell, signInThere, startLogtoCell } from '../support/logto-cell.ts';
import { TENANT } from '../support/running-cell.ts';
import { until } from '../support/until.ts';

let running: LogtoCell;
beforeEach(async () => {
  running = await startLogtoCell();
});
afterEach(() => running.close());

async function known(...usernames: string[]): Promise<string[]> {
  const subjects: string[] = [];
  for (const username of usernames) {
    running.logto.state.addUser(username, { name: 'Sample Person' });
    subjects.push(await signInThere(running, new Browser(), username));
  }
  return subjects;
}

async function rounds() {
  return running.database.admin.query<Record<string, number | boolean | Date | null>>(
    'select * from cell.upstream_rounds order by round_id',
  );
}

async function statusOf(subjectId: string | undefined): Promise<string | undefined> {
  const [row] = await running.database.admin.query<{ status: string }>(
    'select status from cell.people where subject_id = $1',
    [subjectId],
  );
  return row?.status;
}

function userOf(username: string) {
  const user = [...running.logto.state.users.values()].find((one) => one.username === username);
  if (!user) throw new Error('no such user');
  return user;
}

describe('A round of reconciliation', () => {
  it('finds the suspended, the deleted and the changed that no webhook told of, and says that it was missed', async () => {
    const [suspended, deleted, changed, quiet] = await known('suspended', 'deleted', 'changed', 'quiet');
    userOf('suspended').isSuspended = true;
    running.logto.state.users.delete(userOf('deleted').id);
    userOf('changed').name = 'Sample Person Renamed';
    await running.cell.startJobs();
    await until(async () => (await statusOf(suspended)) === 'restricted');
    await until(async () => (await statusOf(deleted)) === undefined);
    expect(await statusOf(quiet)).toBe('active');
    expect(await statusOf(changed)).toBe('active');
    const missed = await running.database.admin.query<{ change: string }>(
      `select data ->> 'change' as change from cell.audit_events where action = 'upstream.change_missed' order by 1`,
    );
    expect(missed.map(({ change }) => change)).toEqual(['deleted', 'profile', 'suspended']);
    const [round] = await rounds();
    expect(round).toMatchObject({ users: 3, changed: 1, suspended: 1, deleted: 1, held: false });
    expect(running.core.ended.filter((one) => one.what === 'access').map((one) => one.subjectId)).toContain(
      suspended,
    );
  });

  it('reads page after page, whatever Link says, and goes on where it was interrupted', async () => {
    for (let index = 0; index < 250; index += 1) running.logto.state.addUser(`user-${index}`);
    await known('one-of-many');
    let pages = 0;
    running.logto.faults.answer = ({ url }) => {
      if (url.pathname !== '/api/users') return undefined;
      pages += 1;
      // The second page fails for as long as the client cares to try.
      return pages > 1 && pages <= 6 ? { status: 500, headers: {}, body: '' } : undefined;
    };
    await running.cell.startJobs();
    await until(async () => (await rounds())[0]?.next_page === 2);
    await until(async () => {
      // The pause after a fault is left out; the one before another round is not.
      await running.database.admin.query(
        `update cell_jobs._private_jobs set run_at = now() where run_at > now()
           and exists (select from cell.upstream_rounds where finished_at is null)`,
      );
      return (await rounds())[0]?.finished_at !== null;
    });
    expect(await rounds()).toHaveLength(1);
    expect((await rounds())[0]).toMatchObject({ users: 251 });
    // One page before the fault, five vain attempts, and the two that were left.
    expect(pages).toBe(8);
  });

  it('erases nobody when too many are missing at once, and says so', async () => {
    const names = Array.from({ length: 14 }, (_, index) => `restored-${index}`);
    const subjects = await known(...names);
    for (const name of names.slice(0, 12)) running.logto.state.users.delete(userOf(name).id);
    await running.cell.startJobs();
    await until(async () => (await rounds())[0]?.held === true);
    await new Promise((done) => setTimeout(done, 300));
    for (const subjectId of subjects) expect(await statusOf(subjectId)).toBe('active');
    expect(await auditActions(running)).toContain('upstream.deletions_held');
  });

  it('believes no list: who is missing on it and still there stays as they are', async () => {
    const [subjectId] = await known('shifted');
    const user = userOf('shifted');
    running.logto.faults.answer = ({ url }) =>
      url.pathname === '/api/users'
        ? { status: 200, headers: { 'content-type': 'application/json', 'total-number': '0' }, body: '[]' }
        : undefined;
    await running.cell.startJobs();
    await until(async () => running.logto.log.includes(`GET /api/users/${user.id}`));
    await new Promise((done) => setTimeout(done, 200));
    expect(await statusOf(subjectId)).toBe('active');
  });

  it('is not ended by a Logto that is away', async () => {
    await known('patient');
    await running.logto.stop();
    await running.cell.startJobs();
    await until(async () => {
      const jobs = await running.database.admin.query<{ run_at: Date }>(
        `select j.run_at from cell_jobs._private_jobs j join cell_jobs._private_tasks t on t.id = j.task_id
         where t.identifier = $1 and j.attempts < j.max_attempts and j.run_at > now()`,
        [RECONCILE_TASK],
      );
      return jobs.length === 1;
    });
    await running.logto.restart();
  });
});

describe('The erasure of a person', () => {
  it('deletes their account at Logto as soon as it can be reached, and forgets its id', async () => {
    const [subjectId = ''] = await known('leaving');
    const user = userOf('leaving');
    await running.logto.stop();
    const receipt = await running.cell.port.erase({ tenantId: TENANT, subjectId, requestId: 'request-1' });
    expect(receipt.upstream).toContain('keeps entries');
    const farewells = () => running.database.admin.query('select 1 from cell.upstream_farewells');
    expect(await farewells()).toHaveLength(1);
    await running.logto.restart();
    await running.cell.startJobs();
    await until(async () => !running.logto.state.users.has(user.id));
    await until(async () => (await farewells()).length === 0);
    expect(await auditActions(running)).toContain('upstream.account_forgotten');
  });
});

describe('A cell that freezes', () => {
  it('keeps a person whose account was deleted, and lets nobody read of them', async () => {
    const freezing = await startLogtoCell({ management: { onDeleted: 'freeze' } });
    const user = freezing.logto.state.addUser('kept');
    const subjectId = await signInThere(freezing, new Browser(), 'kept');
    freezing.logto.state.users.delete(user.id);
    await freezing.cell.startJobs();
    const status = await until(async () => {
      const [row] = await freezing.database.admin.query<{ status: string }>(
        `select p.status from cell.people p join cell.upstream_accounts a using (subject_id)
         where p.subject_id = $1 and a.state = 'deleted'`,
        [subjectId],
      );
      return row?.status;
    });
    expect(status).toBe('restricted');
    await freezing.close();
  });
});
