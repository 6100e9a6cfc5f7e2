import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Browser } from '../../test/support/browser.ts';
import { startEmulatorProcess } from '../../test/support/emulator-process.ts';
import { runUserref } from '../../test/support/userref-cli.ts';
import { freeBlock } from '../children/free-ports.ts';
import { visit } from '../client/page-visitor.ts';
import type { Figure, FigureDefinition } from '../figures.ts';
import { median, quantile } from '../measure/statistics.ts';
import type { SuiteContext } from '../settings.ts';
import { temporaryFolder } from './start-core.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** Core, cell, sign-in and the site, counted from the first. */
const PORTS = [0, 1, 2, 3, 4, 5];

const READY: FigureDefinition = {
  name: 'emulator_ready_seconds',
  unit: 'seconds',
  aim: { atMost: 5 },
  meaning: 'from `userref dev` in an empty folder (installed) to the line that says it is ready',
};
const QUICKSTART: FigureDefinition = {
  name: 'quickstart_first_login_seconds',
  unit: 'seconds',
  meaning: 'from an empty folder to a finished login at an Express site; installing apart',
};

/** What somebody has who has just followed the first page of Express. */
const SERVER = `import express from 'express';

const app = express();
app.get('/', (req, res) => res.send(req.userref?.user?.userRef ?? 'nobody'));

app.listen(process.env.PORT);
`;

export async function emulatorSuite(context: SuiteContext): Promise<Figure[]> {
  const ready: number[] = [];
  const signedIn: number[] = [];
  for (let start = 1; start <= context.pace.demoStarts; start += 1) {
    context.note(`from an empty folder (${start} of ${context.pace.demoStarts})`);
    const one = await quickstart(context);
    ready.push(one.ready);
    signedIn.push(one.signedIn);
  }
  return [figure(READY, ready), figure(QUICKSTART, signedIn)];
}

function figure(definition: FigureDefinition, seconds: readonly number[]): Figure {
  const value = median(seconds);
  return {
    ...{ definition, value, low: Math.min(...seconds), high: Math.max(...seconds) },
    ours: { name: 'userref dev', p50: value, p99: quantile(seconds, 0.99) },
  };
}

/** `userref dev`, `userref add express`, the site itself, and a login, one after the other. */
async function quickstart(context: SuiteContext): Promise<{ ready: number; signedIn: number }> {
  const cwd = temporaryFolder(context);
  const firstPort = await freeBlock(PORTS);
  // Stands for `npm install`, whose time is the network's.
  symlinkSync(join(REPOSITORY, 'node_modules'), join(cwd, 'node_modules'));
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  writeFileSync(join(cwd, 'package.json'), '{"type":"module","dependencies":{"express":"*"}}');
  writeFileSync(join(cwd, 'server.js'), SERVER);
  const emulator = await startEmulatorProcess({ cwd, firstPort });
  const stop = stopOnce(() => emulator.stop());
  context.defer(stop);
  const ready = elapsed();
  const added = await runUserref(['add', 'express', '--yes'], { cwd });
  if (added.code !== 0) throw new Error(`userref add ended with ${added.code}`);
  const site = startSite(cwd, { port: firstPort + 3 });
  const stopSite = stopOnce(() => end(site));
  context.defer(stopSite);
  await signIn(emulator.line.site_url);
  const signedIn = elapsed();
  await stopSite();
  await stop();
  return { ready, signedIn };
}

function startSite(cwd: string, { port }: { port: number }): ChildProcess {
  const args = ['--conditions=@userref/source', '--env-file=.env.local', 'server.js'];
  return spawn(process.execPath, args, { cwd, env: { PORT: String(port) }, stdio: 'ignore' });
}

async function signIn(site: string): Promise<void> {
  for (let attempt = 0; !(await isUp(site)); attempt += 1) {
    if (attempt > 400) throw new Error('the site did not start');
    await setTimeout(25);
  }
  const browser = new Browser();
  await visit(browser, `${site}/userref/login`, { login: 'amber' });
  const userRef = await (await browser.fetch(site)).text();
  if (!userRef.startsWith('ppid_')) throw new Error('the login was not finished');
}

function isUp(site: string): Promise<boolean> {
  return fetch(site).then(
    (response) => response.ok,
    () => false,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function stopOnce(stop: () => Promise<unknown>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop().then(() => {});
    return stopped;
  };
}
