import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SuiteContext } from '../settings.ts';

const STOP_WITHIN_MS = 20_000;

export interface ChildOptions {
  /** A file of this folder, such as `core.ts`. */
  readonly file: string;
  /** Sent over a pipe of the two processes' own, so secrets show in no process list. */
  readonly config: object;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts a server in a process of its own, so that the client's event loop does not slow it down, and stops
 * it with the suite. @returns what the child said when it was ready
 */
export async function startChild<Ready>(context: SuiteContext, options: ChildOptions): Promise<Ready> {
  const child = fork(fileURLToPath(new URL(options.file, import.meta.url)), [], {
    execArgv: ['--conditions=@userref/source', ...profiling(context, options.file)],
    env: { ...process.env, ...options.environment },
    // Stdout belongs to the report alone.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  context.defer(() => stop(child, exited));
  child.send(options.config);
  return new Promise<Ready>((done, fail) => {
    child.once('message', (message: { ready: Ready }) => done(message.ready));
    void exited.then(() => fail(new Error(`${options.file} did not start`)));
  });
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(force);
}

function profiling({ profileDir }: SuiteContext, file: string): string[] {
  if (!profileDir) return [];
  return ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${file}-${Date.now()}.cpuprofile`];
}
