import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { USERREF } from './userref-cli.ts';

const READY_WITHIN_MS = 60_000;

/** The line that `userref dev --json` prints. */
export interface EmulatorLine {
  readonly issuer: string;
  readonly cell: string;
  readonly sign_in: string;
  readonly smtp: string;
  readonly mail_url: string;
  readonly account_url: string;
  readonly site: string;
  readonly site_url: string;
  readonly people: readonly { readonly name: string; readonly login: string }[];
  readonly env_file: string;
  readonly config_file: string;
  readonly ready_seconds: number;
}

export interface EmulatorProcess {
  readonly line: EmulatorLine;
  readonly child: ChildProcess;
  /** As Ctrl-C does. @returns the exit code and what it said */
  stop(): Promise<{ code: number | null; said: string }>;
}

/** Runs `userref dev` in a folder, as its user would. Ports are from `firstPort`; the site is at `firstPort + 3`. */
export async function startEmulatorProcess(options: {
  cwd: string;
  firstPort: number;
  args?: readonly string[];
}): Promise<EmulatorProcess> {
  const { cwd, firstPort, args = [] } = options;
  const words = ['dev', '--json', '--first-port', String(firstPort)];
  const site = ['--site-url', `http://localhost:${firstPort + 3}`];
  const child = spawn(
    process.execPath,
    ['--conditions=@userref/source', USERREF, ...words, ...site, ...args],
    {
      cwd,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = text(child.stderr);
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const lines = createInterface({ input: child.stdout });
  const ended = exited.then(async (code) => {
    throw new Error(`userref dev ended with ${code}: ${await said}`);
  });
  const first = once(lines, 'line', { signal: AbortSignal.timeout(READY_WITHIN_MS) });
  const [line] = (await Promise.race([first, ended])) as [string];
  ended.catch(() => {});
  return {
    line: JSON.parse(line) as EmulatorLine,
    child,
    async stop() {
      child.kill('SIGINT');
      return { code: await exited, said: await said };
    },
  };
}
