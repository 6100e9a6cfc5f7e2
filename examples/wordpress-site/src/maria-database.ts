import { execFile } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startGuardedProcess } from './guarded-process.ts';
import { untilListening } from './listening.ts';

export interface MariaDatabaseOptions {
  /** Empty at first; the data, the socket and the log are in it. */
  readonly folder: string;
  /** Also listens on this port of 127.0.0.1. Default: on its socket alone. */
  readonly port?: number;
}

export interface MariaDatabase {
  /** Path of the socket; anybody who may open the folder is root. */
  readonly socket: string;
  readonly logFile: string;
  /** Runs SQL, and gives what it prints, tab-separated and without heads. */
  run(sql: string, database?: string): Promise<string>;
  /** The whole database as SQL: tables, rows and triggers. */
  dump(database: string): Promise<Buffer>;
  stop(): Promise<void>;
}

/** MariaDB refuses to run as root without being told; it gets Debian's least user instead. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

/** Small and quick, and without tables of privileges, which only the larger package could make. */
const SETTINGS = [
  '--no-defaults',
  '--skip-grant-tables',
  '--skip-log-bin',
  '--skip-name-resolve',
  '--innodb-buffer-pool-size=32M',
  '--innodb-log-file-size=8M',
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-stats-persistent=0',
];

const MOST_BYTES = 256 * 1024 * 1024;
const exec = promisify(execFile);

/** Debian's MariaDB on files of its own. @throws Error when it does not start */
export async function startMariaDatabase({ folder, port }: MariaDatabaseOptions): Promise<MariaDatabase> {
  const data = join(folder, 'data');
  const socket = join(folder, 'socket');
  const logFile = join(folder, 'mariadb.log');
  // Of its own: where two servers share one, a name of a temporary table that is there already ends the server.
  const temporary = join(folder, 'tmp');
  rmSync(temporary, { recursive: true, force: true });
  for (const path of [join(data, 'mysql'), temporary]) mkdirSync(path, { recursive: true });
  chmodSync(folder, 0o700);
  const identity = process.getuid?.() === 0 ? UNPRIVILEGED : {};
  if (identity === UNPRIVILEGED) giveAway(folder);
  const network =
    port === undefined
      ? ['--skip-networking']
      : ['--skip-networking=0', '--bind-address=127.0.0.1', `--port=${port}`];
  const server = startGuardedProcess({
    program: '/usr/sbin/mariadbd',
    words: [
      ...SETTINGS,
      ...network,
      `--datadir=${data}`,
      `--tmpdir=${temporary}`,
      `--socket=${socket}`,
      `--pid-file=${socket}.pid`,
    ],
    logFile,
    identity,
  });
  await untilListening(server, {
    at: { path: socket },
    problem: `MariaDB did not start; ${logFile} says why.`,
  });
  const client = ['--no-defaults', '--user=root', `--socket=${socket}`, '--default-character-set=utf8mb4'];
  return {
    socket,
    logFile,
    async run(sql, database) {
      const words = [...client, '--batch', '--skip-column-names', '--execute', sql];
      return (await exec('mariadb', database ? [...words, database] : words, { maxBuffer: MOST_BYTES }))
        .stdout;
    },
    async dump(database) {
      const words = [...client, '--skip-extended-insert', '--single-transaction', '--triggers', database];
      const options = { maxBuffer: MOST_BYTES, encoding: 'buffer' } as const;
      return (await exec('mariadb-dump', words, options)).stdout;
    },
    stop: () => server.stop(),
  };
}

/** A folder that was copied belongs to whoever copied it. */
function giveAway(path: string): void {
  chownSync(path, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveAway(join(path, name));
}
