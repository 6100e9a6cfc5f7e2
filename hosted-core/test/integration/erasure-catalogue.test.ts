import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CELL_PARTICIPANTS } from '../../src/cell/erasure/cell-participants.ts';
import { CORE_PARTICIPANTS } from '../../src/core/erasure/core-participants.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Columns that lead to a person, by name; `subject…` in any form counts. */
const LEADS_TO_A_PERSON = `(a.attname like '%subject%' or a.attname in ('user_ref', 'audit_ref', 'person_id'))`;

/** Tables with such a column that erasure leaves alone, each with its reason. */
const EXEMPT: Record<string, string> = {
  'core.tombstones': 'a hash that only a copy of the person’s id leads to; it erases restored backups',
  'cell.tombstones': 'as core.tombstones',
  'cell.unfinished_erasures': 'belongs to the erasure; the row goes when the core has confirmed',
  'core.audit_pending': 'the reference is random and resolves nowhere once the person’s row is gone',
  'core.audit_entries': 'as core.audit_pending',
  'cell.audit_pending': 'as core.audit_pending',
  'cell.audit_entries': 'as core.audit_pending',
  'core.audit_closed_entries': 'as core.audit_pending',
  'cell.audit_closed_entries': 'as core.audit_pending',
};

/** Tables without a tenant column, each with its reason. */
const OF_NO_TENANT: Record<string, string> = {
  'userref.migrations': 'names of migrations',
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Our own tables; those of the queues hold payloads of ids, see the test on what erasure leaves. */
const tablesWhere = async (condition: string) => {
  const rows = await database.admin.query<{ name: string }>(
    `select distinct n.nspname || '.' || c.relname as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$|(core|cell)_jobs$)' and ${condition}
     order by 1`,
  );
  return rows.map((row) => row.name);
};

describe('the catalogue of the database', () => {
  it('has row level security forced, with a policy for the tenant, on every table with a tenant', async () => {
    const all = await tablesWhere(`a.attname = 'tenant_id'`);
    expect(all.length).toBeGreaterThan(20);
    const safe = await tablesWhere(`a.attname = 'tenant_id' and c.relrowsecurity and c.relforcerowsecurity
      and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
        and pg_get_expr(p.polqual, p.polrelid) ~ 'current_tenant\\(\\)'
        and pg_get_expr(p.polwithcheck, p.polrelid) ~ 'current_tenant\\(\\)')
      and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname <> 'tenant_only')`);
    expect(all.filter((table) => !safe.includes(table))).toEqual([]);
  });

  it('has a tenant on every table, or a reason for none', async () => {
    const all = await tablesWhere('true');
    const tenanted = await tablesWhere(`a.attname = 'tenant_id'`);
    expect(all.filter((table) => !tenanted.includes(table))).toEqual(Object.keys(OF_NO_TENANT));
  });

  it('gives neither application role a way around row level security', async () => {
    const roles = await database.admin.query(
      `select rolname, rolsuper, rolbypassrls from pg_roles where rolname in ('core_app', 'cell_app', 'userref_owner') order by 1`,
    );
    expect(roles).toEqual(
      ['cell_app', 'core_app', 'userref_owner'].map((rolname) => ({
        ...{ rolname, rolsuper: false, rolbypassrls: false },
      })),
    );
    const owned = await tablesWhere(
      `a.attname = 'tenant_id' and pg_get_userbyid(c.relowner) in ('core_app', 'cell_app')`,
    );
    expect(owned).toEqual([]);
  });

  it('has an erasure participant, or a stated reason, for every table with a column that leads to a person', async () => {
    const found = await tablesWhere(LEADS_TO_A_PERSON);
    const taken = [...CELL_PARTICIPANTS, ...CORE_PARTICIPANTS].flatMap((one) => one.tables);
    expect(found.length).toBeGreaterThan(12);
    expect(found.filter((table) => !taken.includes(table) && !(table in EXEMPT))).toEqual([]);
  });

  it('has every table that a participant or an exemption names, and none of them twice', async () => {
    const all = await tablesWhere('true');
    const named = [
      ...[...CELL_PARTICIPANTS, ...CORE_PARTICIPANTS].flatMap((one) => one.tables),
      ...Object.keys(EXEMPT),
    ];
    expect(named.filter((table) => !all.includes(table))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  it('refers to the keys of people from nowhere else, so that it can be restored without them', async () => {
    const references = await database.admin.query(
      `select conrelid::regclass::text as name from pg_constraint
       where contype = 'f' and confrelid in (select oid from pg_class where relnamespace = 'cell_keys'::regnamespace)
         and conrelid not in (select oid from pg_class where relnamespace = 'cell_keys'::regnamespace)`,
    );
    expect(references).toEqual([]);
  });

  it('sees a new table with a person in it', async () => {
    await database.admin.query('create table cell.notes (tenant_id text, subject_id uuid, note text)');
    try {
      expect(await tablesWhere(LEADS_TO_A_PERSON)).toContain('cell.notes');
    } finally {
      await database.admin.query('drop table cell.notes');
    }
  });
});

describe('the tenant of a connection', () => {
  const SETTING = `select coalesce(current_setting('userref.tenant', true), '') as tenant, pg_backend_pid() as pid`;
  const connection = async () => {
    const client = await database.cell.pool.connect();
    return {
      client,
      read: async () => (await client.query(SETTING)).rows[0] as { tenant: string; pid: number },
    };
  };

  it.each([
    ['a commit', 'commit'],
    ['a rollback', 'rollback'],
    ['an error', 'select 1/0'],
  ])('is gone after %s, on the same backend', async (_name, end) => {
    const { client, read } = await connection();
    try {
      await client.query(`begin; set local userref.tenant = 'acme'`);
      const during = await read();
      expect(during.tenant).toBe('acme');
      await client.query(end).catch(() => client.query('rollback'));
      expect(await read()).toEqual({ tenant: '', pid: during.pid });
    } finally {
      client.release();
    }
  });

  it.each([
    ['that answers', `select cell.live_consents('acme', gen_random_uuid(), 'shop-a', now())`],
    ['that is refused', `select cell.forget_consents('acme', gen_random_uuid())`],
  ])('is gone after a call %s, on the same backend', async (_name, call) => {
    const { client, read } = await connection();
    try {
      const { pid } = await read();
      await client.query(call).catch(() => {});
      expect(await read()).toEqual({ tenant: '', pid });
    } finally {
      client.release();
    }
  });

  it('is gone after everything that the house does, on every connection of its pools', async () => {
    await Promise.all([
      ...Array.from({ length: 10 }, () => database.cell.inTenant('acme', (tx) => tx.query('select 1'))),
      ...Array.from({ length: 10 }, () =>
        database.cell
          .inTenant('acme', () => Promise.reject(new Error('no')))
          .catch((error: Error) => error.message),
      ),
    ]);
    const seen = await Promise.all(
      Array.from({ length: 20 }, () => database.cell.query<{ tenant: string }>(SETTING)),
    );
    expect(new Set(seen.map(([row]) => row?.tenant))).toEqual(new Set(['']));
    const open = await database.cell.query('select 1 from cell.people');
    expect(open).toEqual([]);
  });
});
