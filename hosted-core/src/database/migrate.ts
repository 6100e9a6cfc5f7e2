import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { prepareRoles, type RoleUrls } from './roles.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);
const HALVES = ['core', 'cell'] as const;
/** Raised by PostgreSQL when another process created the same thing a moment earlier. */
const LOST_THE_RACE = new Set(['23505', '42P06', '42P07']);

export interface MigrateOptions extends RoleUrls {
  /** A role that may create roles and schemas; used for nothing else. */
  readonly adminUrl: string;
  /** Told about each migration that was applied. */
  readonly onApplied?: (name: string) => void;
}

/**
 * Brings the database to this version's schema. Forward only; safe to run again, and from many processes
 * at once. Refuses a database that a newer version has migrated.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const client = new pg.Client({ connectionString: options.adminUrl, application_name: 'userref-migrate' });
  await client.connect();
  try {
    await prepareRoles(client, options);
    await client.query('set role userref_owner');
    await createLedger(client);
    await refuseNewer(client);
    for (const migration of listMigrations()) await apply(client, migration, options.onApplied);
    await client.query('reset role');
    // Rights on the database are one row of a catalogue: two processes must not change it together.
    await client.query(`select pg_advisory_lock(hashtext('userref-queues'))`);
    await migrateQueue(client, { role: 'core_app', schema: 'core_jobs', url: options.coreUrl });
    await migrateQueue(client, { role: 'cell_app', schema: 'cell_jobs', url: options.cellUrl });
  } finally {
    await client.end();
  }
}

interface Migration {
  /** Such as `core/0001_foundation`, or `core/both/0001_foundation` for one that both halves have. */
  readonly name: string;
  readonly sql: () => string;
}

function listMigrations(): Migration[] {
  return HALVES.flatMap((half) => [
    ...listFolder('both').map(({ name, sql }) => ({
      name: `${half}/${name}`,
      sql: () => sql().replaceAll(':HALF', half),
    })),
    ...listFolder(half),
  ]);
}

function listFolder(folder: 'both' | (typeof HALVES)[number]): Migration[] {
  return readdirSync(new URL(`${folder}/`, MIGRATIONS))
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      name: `${folder}/${file.slice(0, -4)}`,
      sql: () => readFileSync(fileURLToPath(new URL(`${folder}/${file}`, MIGRATIONS)), 'utf8'),
    }));
}

async function createLedger(client: pg.Client): Promise<void> {
  await client
    .query(`create schema if not exists userref;
      create table if not exists userref.migrations (
        name text primary key, applied_at timestamptz not null default now());`)
    .catch((error: { code?: string }) => {
      if (!LOST_THE_RACE.has(error.code ?? '')) throw error;
    });
}

async function refuseNewer(client: pg.Client): Promise<void> {
  const known = new Set(listMigrations().map(({ name }) => name));
  const { rows } = await client.query<{ name: string }>('select name from userref.migrations order by name');
  const unknown = rows.find(({ name }) => !known.has(name));
  if (!unknown) return;
  throw new Error(
    `The database was migrated by a newer version (it has ${unknown.name}, which this version does not know). ` +
      'Run the newer version, or restore the backup from before the upgrade.',
  );
}

/** The ledger row goes in first: of two racing processes one waits on it, then finds the work done. */
async function apply(
  client: pg.Client,
  migration: Migration,
  onApplied?: (name: string) => void,
): Promise<void> {
  await client.query('begin');
  try {
    const inserted = await client.query(
      'insert into userref.migrations (name) values ($1) on conflict do nothing',
      [migration.name],
    );
    if (inserted.rowCount === 0) {
      await client.query('rollback');
      return;
    }
    await client.query(migration.sql());
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new Error(`Migration ${migration.name} failed; nothing of it was kept.`, { cause });
  }
  onApplied?.(migration.name);
}

/** The queue's tables belong to the role that uses them; it may create its schema only now. */
async function migrateQueue(
  client: pg.Client,
  queue: { role: string; schema: string; url: string },
): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const database = pg.escapeIdentifier(rows[0]?.name ?? '');
  const { rows: installed } = await client.query('select 1 from pg_namespace where nspname = $1', [
    queue.schema,
  ]);
  if (installed.length === 0) await client.query(`grant create on database ${database} to ${queue.role}`);
  // A pool of our own: a connection that breaks while idle must not end the process.
  const pool = new pg.Pool({ connectionString: queue.url, max: 1 });
  pool.on('error', () => {});
  pool.on('connect', (connection) => connection.on('error', () => {}));
  try {
    await runMigrations({ pgPool: pool, schema: queue.schema, logger: silentLogger() as never });
  } finally {
    await pool.end();
    if (installed.length === 0)
      await client.query(`revoke create on database ${database} from ${queue.role}`);
  }
}

function silentLogger() {
  const silent = { error() {}, warn() {}, info() {}, debug() {}, scope: () => silent };
  return silent;
}
