import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { prepareRoles } from '../../src/database/roles.ts';
import { ROLE_PASSWORDS } from '../support/database-urls.ts';
import { createHostedRole } from '../support/hosted-role.ts';

/**
 * A server of its own, laid out as Supabase lays out a project: the database belongs to a role without
 * superuser rights, and others live in it beside us. That whole logins and releases work on such a database,
 * through a pooler, is what the project `core-pooler` shows.
 */
let dataDir: string;
let server: EmbeddedPostgres;
let hosted: Awaited<ReturnType<typeof createHostedRole>>;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'userref-hosted-'));
  server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  hosted = await createHostedRole(server.adminUrl);
  await asSuperuser(
    'postgres',
    `create database shared owner ${hosted.name}`,
    `create database alone owner ${hosted.name}`,
  );
  await asSuperuser(
    'shared',
    'create role neighbour login',
    'create schema auth authorization neighbour',
    'create table auth.users (id uuid)',
  );
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function asSuperuser(database: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: urlOf(database) });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

function urlOf(database: string, role?: keyof typeof ROLE_PASSWORDS): string {
  const url = new URL(server.adminUrl);
  url.pathname = `/${database}`;
  if (role) Object.assign(url, { username: role, password: ROLE_PASSWORDS[role] });
  return url.href;
}

const setUp = async (database: string) => {
  const applied: string[] = [];
  await migrate({
    adminUrl: hosted.urlOf(database),
    coreUrl: urlOf(database, 'core_app'),
    cellUrl: urlOf(database, 'cell_app'),
    onApplied: (name) => applied.push(name),
  });
  return applied;
};

const everybodyMayConnect = async (database: string) => {
  const [row] = await asSuperuser(
    database,
    `select has_database_privilege('neighbour', '${database}', 'connect') as may`,
  );
  return row?.may;
};

describe('a database whose owner is no superuser', () => {
  it('is set up, and again, in one that we share with others', async () => {
    expect((await setUp('shared')).length).toBeGreaterThan(10);
    expect(await setUp('shared')).toEqual([]);
  });

  it('is set up with the same roles in a second one, which is ours alone', async () => {
    expect((await setUp('alone')).length).toBeGreaterThan(10);
  });

  it('gives our roles no more than they need', async () => {
    const roles = await asSuperuser(
      'shared',
      `select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as too_much, rolcanlogin
       from pg_roles where rolname in ('userref_owner', 'core_app', 'cell_app') order by 1`,
    );
    expect(roles).toEqual([
      { rolname: 'cell_app', too_much: false, rolcanlogin: true },
      { rolname: 'core_app', too_much: false, rolcanlogin: true },
      { rolname: 'userref_owner', too_much: false, rolcanlogin: false },
    ]);
    const seen = await asSuperuser(
      'shared',
      `select has_schema_privilege('core_app', 'auth', 'usage') or has_schema_privilege('neighbour', 'core', 'usage')
         or has_schema_privilege('neighbour', 'cell', 'usage') or has_schema_privilege('neighbour', 'cell_keys', 'usage') as seen`,
    );
    expect(seen).toEqual([{ seen: false }]);
  });

  it('leaves the others in a shared database what they may do there, and closes our own to them', async () => {
    expect(await everybodyMayConnect('shared')).toBe(true);
    expect(await everybodyMayConnect('alone')).toBe(false);
  });

  it('keeps rows of one tenant from another, also for its owner, who passes no row level security here', async () => {
    const cell = new Database({ connectionString: urlOf('shared', 'cell_app'), applicationName: 'test' });
    try {
      await cell.inTenant('acme', (tx) => tx.query(`insert into cell.people (tenant_id) values ('acme')`));
      const count = (tenant: string) =>
        cell.inTenant(tenant, (tx) => tx.query<{ count: number }>('select count(*)::int from cell.people'));
      expect(await count('acme')).toEqual([{ count: 1 }]);
      expect(await count('other')).toEqual([{ count: 0 }]);
      const owner = await asSuperuser('shared', 'set role userref_owner', 'select 1 from cell.people');
      expect(owner).toEqual([]);
    } finally {
      await cell.close();
    }
  });

  it('cancels statements of the application that take too long, whatever the connection asked for', async () => {
    const core = new Database({ connectionString: urlOf('shared', 'core_app'), applicationName: 'test' });
    try {
      expect(await core.query('show statement_timeout')).toEqual([{ statement_timeout: '5s' }]);
    } finally {
      await core.close();
    }
  });

  it('takes the names that a hosted pooler wants, and no other role', async () => {
    const withName = (name: string) => {
      const url = new URL(urlOf('alone', 'core_app'));
      url.username = name;
      return { coreUrl: url.href, cellUrl: urlOf('alone', 'cell_app') };
    };
    const client = new pg.Client({ connectionString: hosted.urlOf('alone') });
    await client.connect();
    try {
      await prepareRoles(client, withName('core_app.abcdefgh'));
      const wrong = prepareRoles(client, withName('cell_app'));
      await expect(wrong).rejects.toThrow('The URL for core_app must name that role');
    } finally {
      await client.end();
    }
  });
});
