import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { startMariaDatabase } from '../../../examples/wordpress-site/src/maria-database.ts';
import { ensureDebianPackage } from './debian-packages.ts';
import { freePort } from './free-port.ts';

export interface MariaServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Debian's MariaDB, with an empty database `shop`. `undefined`, after saying so, where it cannot be had. */
export async function startMariaServer(): Promise<MariaServer | undefined> {
  if (ensureDebianPackage('mariadb-server-core') !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'userref-mariadb-'));
  const port = await freePort();
  const database = await startMariaDatabase({ folder, port });
  const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
  await connection.query('create database shop character set utf8mb4');
  await connection.end();
  return {
    url: `mysql://root@127.0.0.1:${port}/shop`,
    async stop() {
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
