import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { ROLE_PASSWORDS, roleUrls, TEMPLATE } from './database-urls.ts';
import { freePort } from './free-port.ts';
import { createHostedRole } from './hosted-role.ts';
import { startPgBouncer } from './pgbouncer.ts';

/**
 * As global-postgres, in the way of hosted databases such as Supabase: set up by a role that is no superuser,
 * and the two halves come in through a pooler in transaction mode.
 */
export default async function setup(project: TestProject) {
  const dataDir = mkdtempSync(join(tmpdir(), 'userref-test-'));
  const server = await startEmbeddedPostgres({
    dataDir,
    settings: { fsync: 'off', full_page_writes: 'off' },
  });
  const hosted = await createHostedRole(server.adminUrl);
  const client = new pg.Client({ connectionString: hosted.urlOf('postgres') });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  await migrate({ ...roleUrls(server.adminUrl, TEMPLATE), adminUrl: hosted.urlOf(TEMPLATE) });
  const port = await freePort();
  const pooler = await startPgBouncer({ serverPort: server.port, port, users: ROLE_PASSWORDS });
  if (!pooler) throw new Error('this project needs PgBouncer');
  project.provide('adminUrl', server.adminUrl);
  project.provide('poolerPort', pooler.port);
  return async () => {
    await pooler.stop();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
