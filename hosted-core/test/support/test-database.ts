import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { Database } from '../../src/database/database.ts';
import { roleUrls, TEMPLATE } from './database-urls.ts';

export interface TestDatabase {
  readonly adminUrl: string;
  /** Through the pooler, in a project that has one. */
  readonly coreUrl: string;
  readonly cellUrl: string;
  /** Past the pooler. */
  readonly directCoreUrl: string;
  readonly directCellUrl: string;
  /** As `core_app`. */
  readonly core: Database;
  /** As `cell_app`. */
  readonly cell: Database;
  /** As superuser: sees everything, row level security does not apply. */
  readonly admin: Database;
  drop(): Promise<void>;
}

/** A fresh, migrated database of this test file's own (copied from the template in about 100 ms). */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('adminUrl');
  const name = `t_${randomBytes(8).toString('hex')}`;
  await asAdmin(serverUrl, `create database ${name} template ${TEMPLATE}`);
  const direct = roleUrls(serverUrl, name);
  const urls = {
    ...{ adminUrl: direct.adminUrl, directCoreUrl: direct.coreUrl, directCellUrl: direct.cellUrl },
    ...{ coreUrl: throughPooler(direct.coreUrl), cellUrl: throughPooler(direct.cellUrl) },
  };
  const connect = (connectionString: string) =>
    new Database({ connectionString, applicationName: 'test', maxConnections: 20 });
  const databases = {
    core: connect(urls.coreUrl),
    cell: connect(urls.cellUrl),
    admin: connect(urls.adminUrl),
  };
  return {
    ...urls,
    ...databases,
    async drop() {
      await Promise.all(Object.values(databases).map((database) => database.close()));
      await asAdmin(serverUrl, `drop database ${name} with (force)`);
    },
  };
}

export function throughPooler(url: string): string {
  const port = inject('poolerPort');
  if (port === undefined) return url;
  const pooled = new URL(url);
  pooled.port = String(port);
  return pooled.href;
}

/** Copying a template needs it unused for a moment; parallel test files take turns. */
async function asAdmin(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(42)');
    await client.query(sql);
  } finally {
    await client.end();
  }
}
