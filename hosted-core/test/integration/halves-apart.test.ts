import { afterAll, describe, expect, it } from 'vitest';
import { TENANT } from '../support/cell-fixture.ts';
import { createReleaseBench } from '../support/release-bench.ts';

const { admin, ask, fixture, person } = await createReleaseBench();

afterAll(() => fixture.drop());

describe('the database keeps the halves and tenants apart', () => {
  const tables = [
    'cell.keys',
    'cell.users_pii',
    'cell_keys.subject_keys',
    'cell.people',
    'cell.consents',
    'cell.audit_events',
  ];

  it.each(tables)('%s shows the cell no row without a tenant, nor with another one', async (table) => {
    const { cell } = fixture;
    const [all] = await admin.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    expect(all?.n).toBeGreaterThan(0);
    expect(await cell.query(`select 1 from ${table}`)).toEqual([]);
    expect(await cell.inTenant('empty', (tx) => tx.query(`select 1 from ${table}`))).toEqual([]);
    // After a call that set a tenant, on the same connection too.
    await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(await cell.query(`select 1 from ${table}`)).toEqual([]);
  });

  it('the cell can write no row of another tenant', async () => {
    const write = fixture.cell.inTenant(TENANT, (tx) =>
      tx.query(`insert into cell.people (tenant_id) values ('other')`),
    );
    await expect(write).rejects.toMatchObject({ code: '42501' });
  });

  it('the cell can read nothing of the core', async () => {
    const found = await admin.query<{ name: string }>(
      `select format('core.%I', tablename) as name from pg_tables where schemaname = 'core'`,
    );
    expect(found.length).toBeGreaterThan(5);
    for (const { name } of found) {
      await expect(fixture.cell.query(`select 1 from ${name}`), name).rejects.toMatchObject({
        code: '42501',
      });
    }
    const introspect = fixture.cell.query(`select core.introspect_access_tokens('acme', '', '{}', '{}')`);
    await expect(introspect).rejects.toMatchObject({ code: '42501' });
  });

  it('the core can read nothing of the cell, and call nothing there', async () => {
    const found = await admin.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('cell', 'cell_keys')`,
    );
    expect(found.length).toBeGreaterThan(5);
    for (const { name } of found) {
      await expect(fixture.core.query(`select 1 from ${name}`), name).rejects.toMatchObject({
        code: '42501',
      });
    }
    await expect(
      fixture.core.query('select cell.own_attributes($1, $2)', ['acme', person]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('the cell can neither change nor delete keys and audit entries', async () => {
    for (const statement of [
      'update cell.keys set version = 9',
      'delete from cell.keys',
      'update cell.audit_entries set action = $$x$$',
      'delete from cell.audit_entries',
      'delete from cell.audit_pending',
    ]) {
      await expect(
        fixture.cell.inTenant(TENANT, (tx) => tx.query(statement)),
        statement,
      ).rejects.toMatchObject({ code: '42501' });
    }
  });
});
