import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureDebianPackage } from './debian-packages.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const BINARIES = '/usr/lib/postgresql';
const SUPERUSER = 'userref_admin';
const PASSWORD = 'admin-test-password';
/** PostgreSQL refuses to run as root. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

export interface DebianPostgres {
  /** As superuser. */
  readonly adminUrl: string;
  readonly version: number;
  stop(): Promise<void>;
}

/** Why there is no server of Debian's here; `undefined` when there is one. With `CI=true` it throws instead. */
export function debianPostgresIsMissing(): string | undefined {
  return existsSync(BINARIES) ? undefined : ensureDebianPackage('postgresql');
}

/**
 * Debian's own PostgreSQL, on a new and empty cluster: older than the one that the other tests run on, and of
 * the same version as Debian's `pg_dump`.
 */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const version = Math.max(...readdirSync(BINARIES).map(Number).filter(Number.isInteger));
  const folder = mkdtempSync(join(tmpdir(), 'userref-debian-'));
  const identity: { uid?: number; gid?: number } = process.getuid?.() === 0 ? UNPRIVILEGED : {};
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  chmodSync(folder, 0o700);
  if (identity.uid !== undefined)
    for (const path of [folder, passwordFile]) chownSync(path, identity.uid, identity.gid ?? identity.uid);
  const program = (name: string) => join(BINARIES, String(version), 'bin', name);
  const cluster = join(folder, 'cluster');
  const words = ['-D', cluster, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  execFileSync(program('initdb'), [...words, '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...{ ...identity, env: { LC_ALL: 'C' }, cwd: '/', stdio: 'pipe' },
  });
  const port = await freePort();
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' };
  const server = spawn(
    program('postgres'),
    ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...identity, stdio: 'ignore', cwd: '/' },
  );
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  const adminUrl = `postgres://${SUPERUSER}:${PASSWORD}@127.0.0.1:${port}/postgres`;
  await untilReady(adminUrl);
  return {
    adminUrl,
    version,
    async stop() {
      if (server.exitCode === null) server.kill('SIGINT');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(connectionString: string): Promise<void> {
  await until(async () => {
    const client = new pg.Client({ connectionString });
    return client
      .connect()
      .then(() => true)
      .catch(() => false)
      .finally(() => client.end().catch(() => {}));
  }, 'PostgreSQL');
}
