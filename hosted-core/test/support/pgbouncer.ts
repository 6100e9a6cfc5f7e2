import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebianPackage } from './debian-packages.ts';
import { until } from './until.ts';

/** PgBouncer refuses to run as root. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

export interface PgBouncer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Debian's PgBouncer in transaction mode before a server, for every database of it. A client's settings that it
 * does not know are refused, not ignored. `undefined` where the package cannot be had.
 */
export async function startPgBouncer(options: {
  serverPort: number;
  port: number;
  users: Readonly<Record<string, string>>;
}): Promise<PgBouncer | undefined> {
  if (ensureDebianPackage('pgbouncer') !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'userref-pgbouncer-'));
  const users = Object.entries(options.users).map(([name, password]) => `"${name}" "${password}"`);
  writeFileSync(join(folder, 'users.txt'), `${users.join('\n')}\n`);
  writeFileSync(join(folder, 'pgbouncer.ini'), configuration(folder, options));
  const identity: { uid?: number; gid?: number } = process.getuid?.() === 0 ? UNPRIVILEGED : {};
  if (identity.uid !== undefined)
    for (const path of [folder, join(folder, 'users.txt'), join(folder, 'pgbouncer.ini')])
      chownSync(path, identity.uid, identity.gid ?? identity.uid);
  chmodSync(folder, 0o700);
  const server = spawn('/usr/sbin/pgbouncer', ['-q', join(folder, 'pgbouncer.ini')], {
    ...identity,
    stdio: 'ignore',
  });
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  await untilListening(options.port);
  return {
    port: options.port,
    async stop() {
      if (server.exitCode === null) server.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, { serverPort, port }: { serverPort: number; port: number }): string {
  return `[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
logfile = ${join(folder, 'pgbouncer.log')}
pool_mode = transaction
max_client_conn = 2000
default_pool_size = 60
server_idle_timeout = 5
query_wait_timeout = 10
`;
}

async function untilListening(port: number): Promise<void> {
  const isUp = () =>
    new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => done(true));
      socket.once('error', () => done(false));
      socket.once('connect', () => socket.destroy());
    });
  await until(isUp, 'PgBouncer');
}
