import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Shop } from '@userref/example-express-shop';
import type { DevelopmentSite } from '@userref/hosted-core/development';

export interface NextShopOptions extends DevelopmentSite {
  readonly port: number;
  readonly baseUrl: string;
  readonly issuer: string;
  readonly databaseFile: string;
  readonly logFile: string;
}

/** The Next shop as a process of its own, as its one command starts it. The first start builds it: a minute. */
export async function startNextShop(options: NextShopOptions): Promise<Shop> {
  const program = fileURLToPath(import.meta.resolve('@userref/example-next-shop/start.mjs'));
  const child = spawn(process.execPath, [program], {
    env: environmentOf(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  child.stderr.pipe(log, { end: false });
  child.stdout.pipe(log, { end: false });
  const ended = once(child, 'close');
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    log.end();
  };
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (/\bready\b/i.test(chunk.toString())) resolve();
    });
  });
  const hasEnded = await Promise.race([ready.then(() => false), ended.then(() => true)]);
  if (hasEnded) throw new Error(`The Next shop did not start; ${options.logFile} says why.`);
  return { url: options.baseUrl, close };
}

/** With PATH and what it needs, and nothing else of ours: settings of the core are none of its business. */
function environmentOf(options: NextShopOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: 'production',
    SHOP_PORT: String(options.port),
    SHOP_DATABASE_FILE: options.databaseFile,
    USERREF_ISSUER: options.issuer,
    USERREF_SITE: options.site,
    USERREF_SITE_SECRET: options.siteSecret,
    USERREF_WEBHOOK_SECRET: options.webhookSecret,
    USERREF_SESSION_SECRET: options.sessionSecret,
    USERREF_BASE_URL: options.baseUrl,
  };
}
