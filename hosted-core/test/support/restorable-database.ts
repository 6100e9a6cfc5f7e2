import pg from 'pg';
import { inject } from 'vitest';
import { Database } from '../../src/database/database.ts';
import { createTestDatabase } from './test-database.ts';

/** A database that can be set back to an earlier moment, byte for byte, the way a restored backup is. */
export async function createRestorableDatabase() {
  const first = await createTestDatabase();
  const { adminUrl, coreUrl, cellUrl } = first;
  await Promise.all([first.core.close(), first.cell.close(), first.admin.close()]);
  const name = new URL(adminUrl).pathname.slice(1);
  const backups: string[] = [];
  const open: Database[] = [];
  const close = async () => {
    await Promise.all(open.splice(0).map((database) => database.close()));
  };
  const connect = (connectionString: string) => {
    const database = new Database({ connectionString, applicationName: 'test' });
    open.push(database);
    return database;
  };
  return {
    ...{ adminUrl, coreUrl, cellUrl, name, close },
    open: () => ({ core: connect(coreUrl), cell: connect(cellUrl), admin: connect(adminUrl) }),
    /** Everything must be closed. `withoutKeys`: as the long-lived backup, which leaves `cell_keys` out. */
    async backup({ withoutKeys }: { withoutKeys?: true } = {}): Promise<string> {
      const backup = `${name}_b${backups.length}`;
      await disconnectOthers(name);
      await onServer(`create database ${backup} template ${name}`);
      backups.push(backup);
      if (withoutKeys) await onServer('delete from cell_keys.subject_keys', backup);
      return backup;
    },
    async restore(backup: string): Promise<void> {
      await onServer(`drop database ${name} with (force)`);
      await onServer(`create database ${name} template ${backup}`);
    },
    async drop(): Promise<void> {
      await close();
      for (const one of [name, ...backups]) await onServer(`drop database if exists ${one} with (force)`);
    },
  };
}

export type RestorableDatabase = Awaited<ReturnType<typeof createRestorableDatabase>>;

/** A pooler keeps connections open for a while after its clients have gone. */
function disconnectOthers(name: string): Promise<void> {
  return onServer(`select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = '${name}'`);
}

async function onServer(sql: string, database = 'postgres'): Promise<void> {
  const url = new URL(inject('adminUrl'));
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
