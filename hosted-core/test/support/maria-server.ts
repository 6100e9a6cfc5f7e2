import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { ensureDebianPackage } from './debian-packages.ts';
import { freePort } from './running-core.ts';

export interface MariaServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** MariaDB refuses to run as root without being told; it gets Debian's least user instead. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

/** Debian's MariaDB, with an empty database `shop`. `undefined`, after saying so, where it cannot be had. */
export async function startMariaServer(): Promise<MariaServer | undefined> {
  if (ensureDebianPackage('mariadb-server-core') !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'userref-mariadb-'));
  const identity: { uid?: number; gid?: number } = process.getuid?.() === 0 ? UNPRIVILEGED : {};
  const dataDir = join(folder, 'data');
  // Without tables of privileges, which only the larger package could make: it listens to this machine alone.
  mkdirSync(join(dataDir, 'mysql'), { recursive: true });
  if (identity.uid !== undefined) {
    for (const path of [folder, dataDir, join(dataDir, 'mysql')]) {
      chownSync(path, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
    }
  }
  const port = await freePort();
  const words = ['--no-defaults', `--datadir=${dataDir}`, `--port=${port}`, '--bind-address=127.0.0.1'];
  const open = ['--skip-grant-tables', '--skip-networking=0', `--socket=${join(folder, 's')}`];
  const server = spawn('/usr/sbin/mariadbd', [...words, ...open], {
    ...identity,
    stdio: 'ignore',
  });
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  const url = `mysql://root@127.0.0.1:${port}/shop`;
  await untilReady(port);
  return {
    url,
    async stop() {
      if (server.exitCode === null) server.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' }).catch(
      () => undefined,
    );
    if (connection) {
      await connection.query('create database shop character set utf8mb4');
      return connection.end();
    }
    await sleep(100);
  }
  throw new Error('MariaDB did not start');
}
