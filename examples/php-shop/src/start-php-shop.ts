import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { readBridgeSettings, startBridge } from '@userref/php-bridge';

export interface PhpShopOptions {
  /** Folder of this shop: database, socket, sessions and logs. */
  readonly dataDir: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  readonly issuer: string;
  readonly site: string;
  readonly siteSecret: string;
  readonly sessionSecret: string;
  readonly webhookSecret: string;
  /** Default 5: a shop on somebody's desk is told of missed revocations soon. */
  readonly pollSeconds?: number;
}

export interface PhpShop {
  readonly url: string;
  readonly databaseFile: string;
  /** Closes shop and bridge. */
  stop(): Promise<void>;
}

const SHOP = join(import.meta.dirname, '..', 'shop.php');
const START_TIMEOUT_MS = 10_000;

/** Starts the bridge on a socket, and PHP's own web server with the shop. @throws Error when there is no PHP */
export async function startPhpShop(options: PhpShopOptions): Promise<PhpShop> {
  const { dataDir, port } = options;
  const url = `http://localhost:${port}`;
  const bridgeSecret = randomBytes(32).toString('base64url');
  const bridge = await startBridge(
    readBridgeSettings({
      environment: {
        USERREF_ISSUER: options.issuer,
        USERREF_SITE: options.site,
        USERREF_SITE_SECRET: options.siteSecret,
        USERREF_BASE_URL: url,
        USERREF_SESSION_SECRET: options.sessionSecret,
        USERREF_WEBHOOK_SECRET: options.webhookSecret,
        USERREF_BRIDGE_SECRET: bridgeSecret,
        USERREF_BRIDGE_LISTEN: `unix:${join(dataDir, 'bridge.sock')}`,
        USERREF_BRIDGE_POLL_SECONDS: String(options.pollSeconds ?? 5),
        USERREF_LOG_LEVEL: 'error',
      },
    }),
  );
  const databaseFile = join(dataDir, 'shop.sqlite');
  const environment = {
    SHOP_DATABASE: databaseFile,
    USERREF_BRIDGE: bridge.address,
    USERREF_BRIDGE_SECRET: bridgeSecret,
    USERREF_ISSUER: options.issuer,
    USERREF_SITE: options.site,
    USERREF_BASE_URL: url,
    USERREF_WEBHOOK_SECRET: options.webhookSecret,
  };
  const php = spawnPhp({ port, dataDir, environment });
  try {
    await listening(php, port);
  } catch (error) {
    php.kill();
    await bridge.stop();
    throw error;
  }
  return {
    url,
    databaseFile,
    async stop() {
      php.kill();
      if (php.exitCode === null && php.signalCode === null) await once(php, 'exit');
      await bridge.stop();
    },
  };
}

function spawnPhp({
  port,
  dataDir,
  environment,
}: {
  readonly port: number;
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
}): ChildProcess {
  const settings = { 'session.save_path': dataDir, display_errors: '0', log_errors: '1' };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`]);
  return spawn(
    'php',
    [...words, '-d', `error_log=${join(dataDir, 'php.log')}`, '-S', `127.0.0.1:${port}`, SHOP],
    {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
      stdio: 'ignore',
    },
  );
}

async function listening(php: ChildProcess, port: number): Promise<void> {
  const failed = new Promise<never>((_done, fail) => {
    php.once('error', () => fail(new Error('PHP is not installed (php-cli, php-curl, php-sqlite3).')));
    php.once('exit', () => fail(new Error(`PHP could not listen on port ${port}.`)));
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  const answered = (async () => {
    while (Date.now() < deadline) {
      if (await isListening(port)) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error('PHP did not start in time.');
  })();
  await Promise.race([answered, failed]);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
