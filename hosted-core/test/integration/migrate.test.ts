import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { roleUrls } from '../support/database-urls.ts';

const DATABASE = 'migrate_test';
let admin: pg.Client;
const urls = () => roleUrls(inject('adminUrl'), DATABASE);

beforeAll(async () => {
  admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
});
afterAll(() => admin.end());

async function emptyDatabase() {
  await admin.query(`drop database if exists ${DATABASE} with (force)`);
  await admin.query(`create database ${DATABASE}`);
}

describe('migrations', () => {
  it('do no harm when they run a second time', async () => {
    await emptyDatabase();
    const applied: string[] = [];
    await migrate({ ...urls(), onApplied: (name) => applied.push(name) });
    expect(applied[0]).toBe('core/both/0001_foundation');
    const again: string[] = [];
    await migrate({ ...urls(), onApplied: (name) => again.push(name) });
    expect(again).toEqual([]);
  });

  it('are applied once when several processes start together', async () => {
    await emptyDatabase();
    const applied: string[] = [];
    const onApplied = (name: string) => applied.push(name);
    await Promise.all([1, 2, 3, 4].map(() => migrate({ ...urls(), onApplied })));
    expect(applied.length).toBeGreaterThan(2);
    expect(new Set(applied).size).toBe(applied.length);
  });

  it('refuse a database that a newer version has migrated', async () => {
    await emptyDatabase();
    await migrate(urls());
    const owner = new pg.Client({ connectionString: urls().adminUrl });
    await owner.connect();
    await owner.query(`insert into userref.migrations (name) values ('core/9999_from_the_future')`);
    await owner.end();
    await expect(migrate(urls())).rejects.toThrow(/newer version .*9999_from_the_future/);
  });

  it('leave neither role a right on the schema of the other half', async () => {
    await emptyDatabase();
    await migrate(urls());
    const owner = new pg.Client({ connectionString: urls().adminUrl });
    await owner.connect();
    const { rows } = await owner.query(`select
      has_schema_privilege('core_app', 'cell', 'usage') or has_schema_privilege('core_app', 'cell_keys', 'usage')
        or has_schema_privilege('core_app', 'cell_jobs', 'usage') as core_reaches_cell,
      has_schema_privilege('cell_app', 'core', 'usage') or has_schema_privilege('cell_app', 'core_jobs', 'usage') as cell_reaches_core`);
    await owner.end();
    expect(rows[0]).toEqual({ core_reaches_cell: false, cell_reaches_core: false });
  });

  it('force row level security on every table with a tenant column', async () => {
    await emptyDatabase();
    await migrate(urls());
    const owner = new pg.Client({ connectionString: urls().adminUrl });
    await owner.connect();
    const { rows } = await owner.query(`select n.nspname || '.' || c.relname as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relkind in ('r', 'p') and n.nspname in ('core', 'cell', 'cell_keys')
        and not (c.relrowsecurity and c.relforcerowsecurity
          and exists (select 1 from pg_policy p where p.polrelid = c.oid))`);
    const { rows: all } = await owner.query(`select count(*)::int as tables from information_schema.columns
      where column_name = 'tenant_id' and table_schema in ('core', 'cell', 'cell_keys')`);
    await owner.end();
    expect(all[0].tables).toBeGreaterThan(10);
    expect(rows).toEqual([]);
  });
});
