import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Browser } from '../../test/support/browser.ts';
import { freeBlock } from '../children/free-ports.ts';
import { visit } from '../client/page-visitor.ts';
import type { Figure, FigureDefinition } from '../figures.ts';
import { median, quantile } from '../measure/statistics.ts';
import type { SuiteContext } from '../settings.ts';
import { temporaryFolder } from './start-core.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** The demo's ports, counted from its first. */
const PORTS = [0, 1, 2, 10, 11, 20];
const START_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 20_000;

const DEFINITION: FigureDefinition = {
  name: 'demo_first_login_seconds',
  unit: 'seconds',
  aim: { atMost: 10 },
  meaning: 'from `npm run demo` (installed, nothing kept) to a first login at shop A',
};

interface DemoLine {
  readonly shops: readonly { readonly url: string }[];
  readonly people: readonly { readonly signIn: { readonly value: string } }[];
}

export async function demoSuite(context: SuiteContext): Promise<Figure[]> {
  const seconds: number[] = [];
  const ready: number[] = [];
  for (let start = 1; start <= context.pace.demoStarts; start += 1) {
    context.note(`starting the demo from nothing (${start} of ${context.pace.demoStarts})`);
    const one = await firstLogin(context);
    seconds.push(one.signedIn);
    ready.push(one.ready);
  }
  const value = median(seconds);
  return [
    {
      definition: DEFINITION,
      value,
      low: Math.min(...seconds),
      high: Math.max(...seconds),
      ours: { name: 'demo', p50: value, p99: quantile(seconds, 0.99) },
      details: [`ready after ${median(ready).toFixed(1)} s, the login itself is the rest`],
    },
  ];
}

async function firstLogin(context: SuiteContext): Promise<{ ready: number; signedIn: number }> {
  const first = await freeBlock(PORTS);
  const data = join(temporaryFolder(context), 'demo');
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const demo = spawn(
    'npm',
    ['run', '--silent', 'demo', '--', '--json', '--fresh', '--data', data, '--first-port', String(first)],
    // A process group of its own, so that npm, its shell and the demo are told to stop together.
    { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'ignore'], detached: true },
  );
  const stop = stopOnce(demo);
  context.defer(stop);
  const line = await readyLine(demo, context.signal);
  const ready = elapsed();
  await signInAtShopA(line);
  const signedIn = elapsed();
  await stop();
  return { ready, signedIn };
}

async function readyLine(demo: ChildProcess, signal: AbortSignal): Promise<DemoLine> {
  if (!demo.stdout) throw new Error('the demo has no stdout');
  const lines = createInterface({ input: demo.stdout });
  const within = AbortSignal.any([signal, AbortSignal.timeout(START_WITHIN_MS)]);
  const ended = once(lines, 'close', { signal: within }).then(() => {
    throw new Error('the demo ended before it was ready');
  });
  const [line] = (await Promise.race([once(lines, 'line', { signal: within }), ended])) as [string];
  ended.catch(() => {});
  return JSON.parse(line) as DemoLine;
}

async function signInAtShopA({ shops, people }: DemoLine): Promise<void> {
  const shop = shops[0]?.url ?? '';
  const browser = new Browser();
  const { url, response } = await visit(browser, `${shop}/userref/login`, {
    login: people[0]?.signIn.value ?? '',
  });
  const isSignedIn = [...browser.cookies.keys()].some((key) => key.startsWith('userref_shop-a|'));
  if (url.origin !== shop || !response.ok || !isSignedIn) {
    throw new Error(`the first login ended at ${url.origin}${url.pathname} with ${response.status}`);
  }
}

function stopOnce(demo: ChildProcess): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stopGroup(demo);
    return stopped;
  };
}

async function stopGroup(demo: ChildProcess): Promise<void> {
  const { pid } = demo;
  if (pid === undefined || !isAlive(-pid)) return;
  process.kill(-pid, 'SIGTERM');
  const forceAt = performance.now() + STOP_WITHIN_MS;
  // npm ends before the demo does, which still has its database to stop.
  while (isAlive(-pid)) {
    if (performance.now() > forceAt) process.kill(-pid, 'SIGKILL');
    await setTimeout(50);
  }
}

function isAlive(group: number): boolean {
  try {
    process.kill(group, 0);
    return true;
  } catch {
    return false;
  }
}
