import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BuiltShop } from './build-shop.ts';

export interface RunningShop {
  readonly url: string;
  /** What it has written to stdout and stderr. */
  readonly log: string;
  stop(): Promise<void>;
}

/** `next start` on 127.0.0.1; `env` is all that it has of an environment, besides PATH. */
export async function startBuiltShop(
  { folder, nextBin }: BuiltShop,
  { port, env }: { port: number; env: Readonly<Record<string, string>> },
): Promise<RunningShop> {
  const args = [nextBin, 'start', '-H', '127.0.0.1', '-p', String(port)];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NEXT_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
      ...env,
    } as NodeJS.ProcessEnv,
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
  const url = `http://localhost:${port}`;
  const running: RunningShop = {
    url,
    get log() {
      return chunks.join('');
    },
    stop: () => stop(child),
  };
  await untilReady(running, child);
  return running;
}

async function untilReady(running: RunningShop, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    if (child.exitCode !== null) break;
    if (/ready/i.test(running.log)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  await running.stop();
  throw new Error(`next start did not get ready:\n${running.log}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}
