import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { readBridgeSettings, startBridge } from '@userref/php-bridge';

/** What a site in PHP is started with, whatever it is made of. */
export interface PhpSiteOptions {
  /** Folder of this site: database, socket, sessions and logs. */
  readonly dataDir: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  readonly issuer: string;
  readonly site: string;
  readonly siteSecret: string;
  readonly sessionSecret: string;
  readonly webhookSecret: string;
  /** Default 5: a site on somebody's desk is told of missed revocations soon. */
  readonly pollSeconds?: number;
  /** Given, the bridge writes a line there for every call. */
  readonly bridgeLog?: NodeJS.WritableStream;
}

export interface PhpProgram {
  /** Answers every address; what PHP's own web server is started with. */
  readonly script: string;
  /** Of files that are served as they are. */
  readonly documentRoot?: string;
  /** Besides Userref's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Run before the server, with the same environment: words for `php`. */
  readonly prepare?: readonly string[];
}

export interface PhpSite {
  readonly url: string;
  /** Closes site and bridge. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;
const NO_PHP = 'PHP is not installed (php-cli, php-curl, php-sqlite3).';

/** Starts the bridge on a socket, and PHP's own web server with the site. @throws Error when there is no PHP */
export async function startPhpSite(options: PhpSiteOptions, program: PhpProgram): Promise<PhpSite> {
  const { dataDir, port } = options;
  const url = `http://localhost:${port}`;
  const bridgeSecret = randomBytes(32).toString('base64url');
  const bridge = await startSiteBridge(options, { url, bridgeSecret });
  const environment = {
    PATH: process.env['PATH'] ?? '',
    USERREF_BRIDGE: bridge.address,
    USERREF_BRIDGE_SECRET: bridgeSecret,
    USERREF_ISSUER: options.issuer,
    USERREF_SITE: options.site,
    USERREF_BASE_URL: url,
    USERREF_WEBHOOK_SECRET: options.webhookSecret,
    ...program.environment,
  };
  const words = phpSettings(dataDir);
  const run = (more: readonly string[], output: 'ignore' | 'pipe' = 'ignore') =>
    spawn('php', [...words, ...more], { env: environment, stdio: ['ignore', output, output] });
  try {
    if (program.prepare) await finished(run(program.prepare, 'pipe'));
    const root = program.documentRoot ? ['-t', program.documentRoot] : [];
    const php = run(['-S', `127.0.0.1:${port}`, ...root, program.script]);
    await listening(php, port);
    return {
      url,
      async stop() {
        php.kill();
        if (php.exitCode === null && php.signalCode === null) await once(php, 'exit');
        await bridge.stop();
      },
    };
  } catch (error) {
    await bridge.stop();
    throw error;
  }
}

/** The bridge of one site, on a socket in its folder. */
export function startSiteBridge(
  options: Omit<PhpSiteOptions, 'port'>,
  { url, bridgeSecret }: { readonly url: string; readonly bridgeSecret: string },
) {
  const settings = readBridgeSettings({
    environment: {
      USERREF_ISSUER: options.issuer,
      USERREF_SITE: options.site,
      USERREF_SITE_SECRET: options.siteSecret,
      USERREF_BASE_URL: url,
      USERREF_SESSION_SECRET: options.sessionSecret,
      USERREF_WEBHOOK_SECRET: options.webhookSecret,
      USERREF_BRIDGE_SECRET: bridgeSecret,
      USERREF_BRIDGE_LISTEN: `unix:${join(options.dataDir, 'bridge.sock')}`,
      USERREF_BRIDGE_POLL_SECONDS: String(options.pollSeconds ?? 5),
      USERREF_LOG_LEVEL: options.bridgeLog ? 'debug' : 'error',
    },
  });
  return startBridge(settings, options.bridgeLog ? { logStream: options.bridgeLog } : {});
}

function phpSettings(dataDir: string): string[] {
  const settings = {
    'session.save_path': dataDir,
    display_errors: '0',
    log_errors: '1',
    error_log: join(dataDir, 'php.log'),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`]);
}

async function finished(php: ChildProcess): Promise<void> {
  let said = '';
  for (const stream of [php.stdout, php.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((done, fail) => {
    php.once('error', () => fail(new Error(NO_PHP)));
    php.once('close', done);
  });
  if (code !== 0) throw new Error(`PHP could not prepare the site: it ended with ${code}.\n${said.trim()}`);
}

async function listening(php: ChildProcess, port: number): Promise<void> {
  const failed = new Promise<never>((_done, fail) => {
    php.once('error', () => fail(new Error(NO_PHP)));
    php.once('exit', () => fail(new Error(`PHP could not listen on port ${port}.`)));
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  const answered = (async () => {
    while (Date.now() < deadline) {
      if (await isListening(port)) return;
      await new Promise((done) => setTimeout(done, 50));
    }
    php.kill();
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
