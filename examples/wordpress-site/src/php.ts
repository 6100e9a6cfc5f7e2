import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type GuardedProcess, startGuardedProcess } from './guarded-process.ts';
import { isListening, untilListening } from './listening.ts';

const SCRIPTS = join(import.meta.dirname, '..', 'php');

/**
 * WordPress asks itself over HTTP (Site Health, cron, the editor), and PHP's web server answers one request at a time:
 * the two would wait for each other. With workers it has processes that take requests while another waits. They are
 * children of the first, which ends and collects them on SIGINT and leaves them behind on any other signal.
 */
const WORKERS = '4';

export interface PhpOptions {
  /** ABSPATH. */
  readonly root: string;
  /** PHP's settings are written here. */
  readonly folder: string;
  readonly logFile: string;
  /** Mails are added to this file instead of being sent. */
  readonly mailFile: string;
}

/** Writes `php.ini`; both the web server and the command line read it. */
export function writePhpSettings({ folder, logFile, mailFile }: PhpOptions): void {
  const settings = {
    display_errors: '0',
    log_errors: '1',
    error_log: `"${logFile}"`,
    error_reporting: 'E_ALL',
    memory_limit: '256M',
    // PHP adds words of its own; behind the sign they are a remark.
    sendmail_path: `"cat >>'${mailFile}' #"`,
    'session.save_path': `"${folder}"`,
    upload_tmp_dir: `"${folder}"`,
    'opcache.enable_cli': '1',
    'opcache.revalidate_freq': '0',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(join(folder, 'php.ini'), `${lines.join('\n')}\n`);
}

/** PHP's own web server with WordPress. @throws Error when it does not start */
export async function startPhpServer(
  options: PhpOptions & { readonly port: number },
): Promise<GuardedProcess> {
  const { root, folder, port } = options;
  const at = { port, host: '127.0.0.1' };
  const problem = `PHP could not listen on port ${port}; ${options.logFile} says why.`;
  if (await isListening(at)) throw new Error(`Something else listens on port ${port}.`);
  const server = startGuardedProcess({
    program: 'php',
    words: ['-c', folder, '-S', `127.0.0.1:${port}`, '-t', root, join(SCRIPTS, 'router.php')],
    logFile: options.logFile,
    stopSignal: 'SIGINT',
    environment: { PHP_CLI_SERVER_WORKERS: WORKERS },
  });
  await untilListening(server, { at, problem });
  return server;
}

export interface ScriptCall {
  readonly script: 'install' | 'evaluate';
  readonly url: string;
  readonly isNetwork?: boolean;
  readonly stdin?: string;
}

/** Runs one of our scripts and gives what it prints. @throws Error with all that it printed, when it fails */
export async function runScript(
  options: Pick<PhpOptions, 'root' | 'folder'>,
  call: ScriptCall,
): Promise<string> {
  const words = ['-c', options.folder, '-d', 'display_errors=stderr', '-d', 'opcache.enable_cli=0'];
  const php = spawn('php', [...words, join(SCRIPTS, `${call.script}.php`)], {
    env: {
      PATH: process.env['PATH'] ?? '',
      SITE_ROOT: options.root,
      SITE_URL: call.url,
      SITE_NETWORK: call.isNetwork ? '1' : '0',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  php.stdin.end(call.stdin ?? '');
  const [stdout, stderr, [code]] = await Promise.all([
    text(php.stdout),
    text(php.stderr),
    once(php, 'close'),
  ]);
  if (code !== 0) throw new Error(`PHP ended with ${code}: ${stderr}${stdout}`);
  return stdout;
}
