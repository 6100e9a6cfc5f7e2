import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeBlock } from '../../../hosted-core/bench/children/free-ports.ts';
import { visit } from '../../../hosted-core/bench/client/page-visitor.ts';
import { Browser } from '../../../hosted-core/test/support/browser.ts';
import { freshFolder, nodeProgram, run } from './support/fresh-folder.ts';
import { tarballsOf } from './support/packed.ts';

const COMMAND = 'node_modules/@userref/sdk-core/dist/cli.js';
const SERVER = `import express from 'express';

const app = express();
app.get('/', (req, res) => res.send(req.userref?.user?.userRef ?? 'nobody'));

app.listen(process.env.PORT);
`;

describe('a developer who installs the emulator from npm', () => {
  const data = mkdtempSync(join(tmpdir(), 'userref-packed-'));
  const running: ChildProcess[] = [];
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await freshFolder('emulator', {
      ...tarballsOf('@userref/sdk-core', '@userref/sdk-express', '@userref/hosted-core'),
      express: '^5.0.0',
    });
    if (folder) writeFileSync(join(folder, 'server.js'), SERVER);
  }, 420_000);
  afterAll(async () => {
    for (const child of running.reverse()) await ended(child);
    rmSync(data, { recursive: true, force: true });
  });

  const start = (program: string, words: string[], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(program, words, { cwd: folder as string, env: { PATH: process.env.PATH, ...env } });
    running.push(child);
    return child;
  };

  it('starts the real core, adds the login to a site, and signs in', async ({ skip }) => {
    const program = await nodeProgram(22);
    if (!folder || !program) return skip();
    const first = await freeBlock([0, 1, 2, 3]);
    const site = `http://localhost:${first + 3}`;
    const words = [
      'dev',
      '--json',
      '--first-port',
      String(first),
      '--site-url',
      site,
      '--data',
      join(data, 'db'),
    ];
    const line = await firstLine(start(program, [COMMAND, ...words]));
    expect(JSON.parse(line)).toMatchObject({ issuer: `http://localhost:${first}`, site_url: site });

    const added = await run(program, [COMMAND, 'add', 'express', '--yes'], folder);
    expect([added.code, added.output]).toEqual([0, expect.stringContaining('Wrote server.js')]);
    start(program, ['--env-file=.env.local', 'server.js'], { PORT: String(first + 3) });
    await until(() => fetch(site).then(({ ok }) => ok));
    const browser = new Browser();
    await visit(browser, `${site}/userref/login`, { login: 'amber' });
    expect(await (await browser.fetch(site)).text()).toMatch(/^ppid_[a-z2-7]{26}$/);
  });

  it('has the operator’s command line too', async ({ skip }) => {
    const program = await nodeProgram(22);
    if (!folder || !program) return skip();
    const command = 'node_modules/.bin/userref-core';
    const { code, output } = await run(program, [command, '--help'], folder);
    expect([code, output]).toEqual([0, expect.stringContaining('migrate')]);
    expect((await run(program, [command, '--version'], folder)).output).toMatch(/^\d+\.\d+\.\d+\s*$/);
  });
});

async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const exited = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`ended with ${code}: ${said}`)),
  );
  const line = once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  exited.catch(() => {});
  const [text] = (await Promise.race([line, exited])) as [string];
  return text;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    if (await isSo().catch(() => false)) return;
    await setTimeout(50);
  }
  throw new Error('the site did not start');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  await once(child, 'exit');
}
