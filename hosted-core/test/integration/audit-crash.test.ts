import { spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sequenceAll } from '../../src/audit/sequencer.ts';
import { verifyStoredLog } from '../../src/audit/verify-stored-log.ts';
import { createTestChain } from '../support/audit-chain.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const WRITERS = 50;
const KILLS_EACH = 6;
const SEQUENCER = join(import.meta.dirname, '../support/audit-crash-sequencer.ts');

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.admin.query('create table cell.changes (id uuid primary key)');
  await database.admin.query('grant insert on cell.changes to cell_app');
});

afterAll(() => database.drop());

/** Makes changes, each with its entry in one transaction; some it takes back, and its line may be cut at any time. */
async function write(tenantId: string, signal: AbortSignal): Promise<void> {
  let client: pg.Client | undefined;
  while (!signal.aborted) {
    await sleep(randomInt(100));
    const id = randomUUID();
    try {
      client ??= await connect();
      await client.query('begin');
      await client.query('insert into cell.changes values ($1)', [id]);
      const entry = { tenant_id: tenantId, action: 'consent.granted', data: { change: id } };
      await client.query('select cell.append_audit($1)', [JSON.stringify([entry])]);
      await client.query(randomInt(10) === 0 ? 'rollback' : 'commit');
    } catch {
      await client?.end().catch(() => {});
      client = undefined;
    }
  }
  await client?.end().catch(() => {});
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.cellUrl, application_name: 'writer' });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Starts a sequencer and kills it while it works, again and again. */
async function killSequencers(tenantId: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    const args = [SEQUENCER, database.directCellUrl, tenantId];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    // Its life is counted in batches, so that a slow machine sees as many of them.
    for (let batches = randomInt(1, 6); batches > 0; batches -= 1) await once(child.stdout, 'data');
    await sleep(randomInt(30));
    child.kill('SIGKILL');
  }
}

it('50 writers, sequencers and lines killed at random: no gap, no duplicate, one entry per committed change', async () => {
  const own = createTestChain(database);
  const { chain, checkpointer } = own;
  const stop = new AbortController();
  const writers = Promise.all(Array.from({ length: WRITERS }, () => write(chain.tenantId, stop.signal)));
  let cut = 0;
  const cutting = (async () => {
    while (!stop.signal.aborted) {
      const rows = await database.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name in ('writer', 'sequencer') and random() < 0.02`,
      );
      cut += rows.length;
      await sleep(20);
    }
  })();
  await Promise.all([0, 1, 2].map(() => killSequencers(chain.tenantId, KILLS_EACH)));
  const [numberedByThem] = await database.admin.query<{ n: number }>(
    'select count(*)::int as n from cell.audit_entries where tenant_id = $1',
    [chain.tenantId],
  );
  await checkpointer.checkpoint();
  stop.abort();
  await Promise.all([writers, cutting]);
  // A killed process's connection may still finish what it was told.
  for (let idle = 0; idle < 3; ) idle = (await sequenceAll(chain)) === 0 ? idle + (await sleep(50, 1)) : 0;

  const changes = await database.admin.query<{ id: string }>('select id from cell.changes order by id');
  const entries = await database.admin.query<{ id: string }>(
    `select convert_from(canonical, 'UTF8')::jsonb -> 'data' ->> 'change' as id from cell.audit_entries
     where tenant_id = $1 order by 1`,
    [chain.tenantId],
  );
  expect(cut).toBeGreaterThan(10);
  expect(numberedByThem?.n).toBeGreaterThan(100);
  expect(changes.length).toBeGreaterThan(500);
  expect(entries.map((row) => row.id)).toEqual(changes.map((row) => row.id));
  const [numbers] = await database.admin.query(
    `select count(*)::int as n, max(seq)::int as last, count(distinct seq)::int as distinct from cell.audit_entries
     where tenant_id = $1`,
    [chain.tenantId],
  );
  expect(numbers).toEqual({ n: changes.length, last: changes.length, distinct: changes.length });
  expect(await database.admin.query('select 1 from cell.audit_pending')).toEqual([]);
  await checkpointer.checkpoint();
  const verdict = await verifyStoredLog(chain, { publicKeys: await own.publicKeys() });
  expect(verdict).toMatchObject({ ok: true, size: changes.length });
}, 600_000);
