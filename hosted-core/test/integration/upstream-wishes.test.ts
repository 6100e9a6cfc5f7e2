import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepHouse } from '../../src/cell/housekeeping.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { SignInWishes } from '../../src/wall/region-cell.ts';
import { Browser, type LogtoCell, signInThere, startLogtoCell } from '../support/logto-cell.ts';
import { TENANT } from '../support/running-cell.ts';

const HINT = 'canary.wish@example.test';

let running: LogtoCell;
let logged = '';
beforeAll(async () => {
  const log = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  running = await startLogtoCell({ log });
  running.logto.state.addUser('amber');
});
afterAll(() => running.close());

async function sentOn(browser: Browser, url: string): Promise<URLSearchParams> {
  const answer = await browser.fetch(url);
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get('location') ?? '').searchParams;
}

/** Rows that hold a hint, sealed or not. */
async function hints(): Promise<{ row: string }[]> {
  const rows = await running.database.admin.query<{ row: string }>(
    'select row_to_json(i)::text as row from cell.interactions i',
  );
  return rows.filter(({ row }) => /[hH]int/.test(row));
}

describe('What a site wishes for a sign-in', () => {
  it('is passed on to Logto, which begins where it was asked to', async () => {
    const wish: SignInWishes = {
      loginHint: HINT,
      firstScreen: 'identifier:sign_in',
      uiLocales: ['ru', 'en'],
    };
    const { url } = await running.begin(wish);
    expect(url).not.toContain('canary');
    const browser = new Browser();
    const query = await sentOn(browser, url);
    expect(query.get('login_hint')).toBe(HINT);
    expect(query.get('first_screen')).toBe('identifier:sign_in');
    expect(query.get('ui_locales')).toBe('ru en');
    const atLogto = await browser.open((await running.begin(wish)).url);
    expect(atLogto.url.pathname).toBe('/identifier-sign-in');
    expect(atLogto.url.searchParams.get('login_hint')).toBe(HINT);
  });

  it('goes before the operator’s own first screen', async () => {
    const own = await startLogtoCell({ upstream: { firstScreen: 'register' } });
    const plain = await sentOn(new Browser(), (await own.begin()).url);
    const asked = await sentOn(new Browser(), (await own.begin({ firstScreen: 'sign_in' })).url);
    expect([plain.get('first_screen'), asked.get('first_screen')]).toEqual(['register', 'sign_in']);
    await own.close();
  });

  it('is sealed while it waits, and gone once the browser was sent on', async () => {
    const { url } = await running.begin({ loginHint: HINT });
    const [waiting] = await hints();
    expect(waiting?.row).toContain('sealedHint');
    expect(waiting?.row).not.toContain('canary');
    expect(waiting?.row).not.toContain(Buffer.from(HINT).toString('base64').slice(0, 16));
    const browser = new Browser();
    expect((await sentOn(browser, url)).get('login_hint')).toBe(HINT);
    expect(await hints()).toEqual([]);
    expect((await sentOn(browser, url)).has('login_hint')).toBe(false);
  });

  it('is still there for the second attempt when Logto was away at the first', async () => {
    const fresh = await startLogtoCell();
    const { url } = await fresh.begin({ loginHint: HINT });
    await fresh.logto.stop();
    const browser = new Browser();
    expect((await browser.fetch(url)).status).toBe(502);
    await fresh.logto.restart();
    expect((await sentOn(browser, url)).get('login_hint')).toBe(HINT);
    await fresh.close();
  });

  it('is gone when it was not needed, and when nobody came', async () => {
    const browser = new Browser();
    await signInThere(running, browser, 'amber');
    const known = await running.begin({ loginHint: HINT });
    expect((await browser.fetch(known.url)).headers.get('location')).toContain('/outcome?code=');
    expect(await hints()).toEqual([]);
    await running.begin({ loginHint: HINT, expiresAt: new Date(Date.now() - 1_000) } as never);
    expect(await hints()).toHaveLength(1);
    const nobody = () => Promise.reject(new Error('nobody is to be erased'));
    await keepHouse({
      ...{ database: running.database.cell, core: running.core, tenantId: TENANT, now: () => new Date() },
      ...{ logger: createLogger({ level: 'silent' }), erase: nobody },
    });
    expect(await hints()).toEqual([]);
  });

  it('stands in no log', () => {
    expect(logged).toContain('/interaction/');
    expect(logged).not.toContain('canary');
  });
});
