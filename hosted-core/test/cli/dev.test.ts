import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freeBlock } from '../../bench/children/free-ports.ts';
import { visit } from '../../bench/client/page-visitor.ts';
import { Browser } from '../support/browser.ts';
import { startEmulatorProcess } from '../support/emulator-process.ts';
import { startEmulatorSite } from '../support/emulator-site.ts';
import { runUserref, USERREF } from '../support/userref-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'userref-dev-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const env = { PATH: process.env.PATH ?? '' };

async function signIn(cwd: string): Promise<string> {
  const site = await startEmulatorSite(cwd);
  try {
    const browser = new Browser();
    await visit(browser, `${site.url}/userref/login`, { login: 'amber' });
    return await (await browser.fetch(site.url)).text();
  } finally {
    await site.close();
  }
}

describe('userref dev', () => {
  let firstPort = 0;
  const OTHERS = 'MINE=1\n# a note\nUSERREF_MINE = "x y"\n';

  beforeAll(async () => {
    firstPort = await freeBlock([0, 1, 2, 3, 4, 5]);
    execFileSync('git', ['init', '-q', folder]);
    writeFileSync(join(folder, '.env.local'), OTHERS, { mode: 0o644 });
  });

  it('starts from nothing, lets people in, and finds it all again after Ctrl-C', async () => {
    const first = await startEmulatorProcess({ cwd: folder, firstPort });
    const file = readFileSync(join(folder, '.env.local'), 'utf8');
    expect(file.startsWith(OTHERS)).toBe(true);
    expect(statSync(join(folder, '.env.local')).mode & 0o777).toBe(0o600);
    const userRef = await signIn(folder);
    expect(userRef).toMatch(/^ppid_/);

    const { code, said } = await first.stop();
    expect(code).toBe(0);
    expect(said).toContain('git does not ignore .env.local');
    expect(said).toContain('git does not ignore .userref');
    await expect(fetch(first.line.issuer)).rejects.toThrow();
    expect(processesOf(folder)).toEqual([]);

    const second = await startEmulatorProcess({ cwd: folder, firstPort });
    expect(readFileSync(join(folder, '.env.local'), 'utf8')).toBe(file);
    expect(await signIn(folder)).toBe(userRef);
    await second.stop();
  });

  it('finds everything after it was killed', async () => {
    const killed = await startEmulatorProcess({ cwd: folder, firstPort });
    const userRef = await signIn(folder);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    const next = await startEmulatorProcess({ cwd: folder, firstPort });
    expect(await signIn(folder)).toBe(userRef);
    await next.stop();
    expect(processesOf(folder)).toEqual([]);
  });

  it('leaves nothing running when it is stopped while it starts', async () => {
    for (const afterMs of [700, 1_500, 2_500]) {
      const child = spawnUserref(['dev', '--first-port', String(firstPort)], { cwd: folder });
      const exited = new Promise((done) => child.once('exit', done));
      await sleep(afterMs);
      child.kill('SIGINT');
      await exited;
      expect(processesOf(folder)).toEqual([]);
    }
  });

  it('prints no secret', async () => {
    const line = JSON.stringify(inject('emulator'));
    const settings = readFileSync(join(inject('emulatorFolder'), '.env.local'), 'utf8');
    for (const [, secret = ''] of settings.matchAll(/SECRET=(.+)$/gm)) expect(line).not.toContain(secret);
  });

  it('takes in mails of the site at the address in .env.local, and shows them', async () => {
    const settings = readFileSync(join(inject('emulatorFolder'), '.env.local'), 'utf8');
    const smtp = /^USERREF_DEV_SMTP=(.+)$/m.exec(settings)?.[1];
    expect(smtp).toBe(inject('emulator').smtp);
    await createTransport(smtp).sendMail({ from: 'a@shop.test', to: 'b@example.test', subject: 'An order' });
    const answer = await fetch(`${inject('emulator').mail_url}/messages`);
    expect(await answer.json()).toMatchObject({
      messages: [{ subject: 'An order', to: ['b@example.test'] }],
    });
  });

  it('says who holds a port that is taken, and what to do', async () => {
    const { port } = new URL(inject('emulator').issuer);
    const { code, err } = await runUserrefFromSource(['dev', '--first-port', port]);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/Port \d+ is in use[\s\S]+--first-port/),
    });
  });

  it('does not touch a folder that another one works with', async () => {
    const free = await freeBlock([0, 1, 2, 4, 5]);
    const data = join(inject('emulatorFolder'), '.userref');
    const args = ['dev', '--first-port', String(free), '--data', data];
    const { code, err } = await runUserrefFromSource(args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('already') });
    expect((await fetch(`${inject('emulator').issuer}/readyz`)).status).toBe(200);
  });

  it.each([
    ['a site on another machine', ['--site-url', 'https://shop.example']],
    ['a site with a path', ['--site-url', 'http://localhost:3000/app']],
  ])('refuses %s', async (_what, args) => {
    expect((await runUserref(['dev', ...args], { cwd: folder, env })).code).toBe(1);
  });

  it('refuses to run in production', async () => {
    const free = await freeBlock([0, 1, 2, 4, 5]);
    const production = { ...env, NODE_ENV: 'production', NODE_OPTIONS: '--conditions=@userref/source' };
    const { err } = await runUserref(['dev', '--first-port', String(free)], { cwd: folder, env: production });
    expect(err).toContain('production');
  });
});

function spawnUserref(args: readonly string[], { cwd }: { cwd: string }) {
  return spawn(process.execPath, ['--conditions=@userref/source', USERREF, ...args], {
    ...{ cwd, env, stdio: 'ignore' as const },
  });
}

function runUserrefFromSource(args: readonly string[]) {
  return runUserref(args, { cwd: folder, env: { ...env, NODE_OPTIONS: '--conditions=@userref/source' } });
}

/** What still runs with files of this folder. */
function processesOf(path: string): string[] {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(path) || line.includes(pointedTo(path)));
}

/** As root the database's files may lie elsewhere. */
function pointedTo(path: string): string {
  try {
    return readFileSync(join(path, '.userref', 'database', 'moved-to'), 'utf8');
  } catch {
    return path;
  }
}
