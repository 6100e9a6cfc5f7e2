import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PhpServer {
  readonly url: string;
  /** What PHP complained about. */
  errors(): string;
  stop(): Promise<void>;
}

export interface PhpServerOptions {
  readonly script: string;
  /** For sessions and the error log. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
}

/** PHP's own web server with one script for every address. */
export async function startPhpServer(options: PhpServerOptions): Promise<PhpServer> {
  const { script, folder, environment, port } = options;
  const log = join(folder, 'php.log');
  const settings = ['error_reporting=32767', 'display_errors=0', 'log_errors=1', `error_log=${log}`];
  const words = [...settings, `session.save_path=${folder}`].flatMap((setting) => ['-d', setting]);
  const php = spawn('php', [...words, '-S', `127.0.0.1:${port}`, script], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await started(php);
  return {
    url: `http://localhost:${port}`,
    errors: () => textOf(log),
    async stop() {
      php.kill();
      if (php.exitCode === null && php.signalCode === null) await once(php, 'exit');
    },
  };
}

function started(php: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    php.once('error', fail);
    php.once('exit', () => fail(new Error('PHP ended early')));
    php.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('started')) done();
    });
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
