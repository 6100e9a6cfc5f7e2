import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { ensureDebianPackage } from '../../../hosted-core/test/support/debian-packages.ts';
import { freePort } from '../../../hosted-core/test/support/free-port.ts';

export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Debian's redis-server, in memory only. `undefined`, after saying so, where it cannot be had. */
export async function startRedisServer(): Promise<RedisServer | undefined> {
  if (ensureDebianPackage('redis-server') !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'userref-redis-'));
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', save: '', dir: folder, 'maxmemory-policy': 'noeviction' };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn('/usr/bin/redis-server', words, { stdio: 'ignore' });
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  const url = `redis://127.0.0.1:${port}`;
  await untilReady(url);
  return {
    url,
    async stop() {
      if (server.exitCode === null) server.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: (tries) => (tries < 100 ? 50 : false) } });
  client.on('error', () => undefined);
  await client.connect();
  client.destroy();
}
