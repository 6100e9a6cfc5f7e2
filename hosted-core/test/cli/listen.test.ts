import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { visit } from '../../bench/client/page-visitor.ts';
import { Browser } from '../support/browser.ts';
import { startEmulatorSite } from '../support/emulator-site.ts';
import { USERREF } from '../support/userref-cli.ts';

const folder = inject('emulatorFolder');
const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** Lines that `userref webhooks listen` prints, as they come. */
function listen(...words: string[]) {
  const child = spawn(process.execPath, [USERREF, 'webhooks', 'listen', '--json', ...words], {
    cwd: folder,
    env: {},
  });
  const lines: { type: string; status: number; cursor: string }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => void lines.push(JSON.parse(line)));
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const ready = new Promise<void>((done) =>
    createInterface({ input: child.stderr }).once('line', () => done()),
  );
  const stop = async () => {
    child.kill('SIGINT');
    return exited;
  };
  running.push(stop);
  return { lines, stop, ready };
}

async function revokeAmber(site: { url: string; env: Record<string, string> }): Promise<void> {
  const browser = new Browser();
  await visit(browser, `${site.url}/userref/login`, { login: 'amber' });
  const userRef = await (await browser.fetch(site.url)).text();
  const { USERREF_ISSUER, USERREF_SITE, USERREF_SITE_SECRET = '' } = site.env;
  const pair = `${USERREF_SITE}:${encodeURIComponent(USERREF_SITE_SECRET)}`;
  const revoked = await fetch(`${USERREF_ISSUER}/v1/users/${userRef}/revoke`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(pair)}` },
  });
  expect(revoked.status).toBe(204);
}

describe('userref webhooks listen', () => {
  it('forwards new events to the site, which takes their signature, and ends by Ctrl-C with 0', async () => {
    const ended: string[] = [];
    const site = await startEmulatorSite(folder, { onEvent: (type) => void ended.push(type) });
    running.push(site.close);
    const { lines, stop, ready } = listen();
    await ready;
    await revokeAmber(site);
    await vi.waitFor(() => expect(lines.map(({ type }) => type)).toContain('access.revoked'), 20_000);
    expect(lines.every(({ status }) => status === 204)).toBe(true);
    expect(ended).toContain('access');
    expect(await stop()).toBe(0);
  });

  it('sends an event again until the site has taken it, and none behind it before', async () => {
    const site = await startEmulatorSite(folder);
    const { lines, ready } = listen();
    await ready;
    await revokeAmber(site);
    await site.close();
    await new Promise((done) => setTimeout(done, 2_500));
    const again = await startEmulatorSite(folder);
    running.push(again.close);
    await vi.waitFor(() => expect(lines.some(({ status }) => status === 204)).toBe(true), 30_000);
    const cursors = lines.map(({ cursor }) => Number(cursor));
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
  });

  it('begins where it is told', async () => {
    const site = await startEmulatorSite(folder);
    running.push(site.close);
    const { lines } = listen('--after', '0');
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(1), 20_000);
    expect(new Set(lines.map(({ cursor }) => cursor)).size).toBe(lines.length);
  });
});
