import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../hosted-core/src/database/embedded-postgres.ts';
import { createSessionStoreTables } from '../../stores/sql.ts';

/** A PostgreSQL of this test's own, with the tables of the store. */
export async function startPostgresServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'userref-store-'));
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  const pool = new pg.Pool({ connectionString: server.adminUrl });
  const database = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  await createSessionStoreTables(database);
  await createSessionStoreTables(database);
  await database.destroy();
  return {
    url: server.adminUrl,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
