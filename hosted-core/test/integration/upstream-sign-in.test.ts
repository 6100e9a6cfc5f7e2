import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAtLogto, signInForm } from '../support/fake-logto/logto-visit.ts';
import { Browser, type LogtoCell, signInThere, startLogtoCell } from '../support/logto-cell.ts';
import { CORE } from '../support/running-cell.ts';

let running: LogtoCell;
beforeAll(async () => {
  running = await startLogtoCell();
  running.logto.state.addUser('amber', {
    name: 'Sample Person Amber',
    primaryEmail: 'amber@example.test',
    primaryPhone: '442079460171',
    profile: { givenName: 'Sample', familyName: 'Personamber', birthdate: '1990-01-02' },
  });
  running.logto.state.addUser('birch', { name: null });
});
afterAll(() => running.close());

/** The callback's address, after the form, without opening it. */
async function untilCallback(browser: Browser, username: string) {
  const { url } = await running.begin();
  const page = await browser.open(url);
  const authorization = page.url;
  const { redirectTo } = await signInForm(browser, running.logto, username);
  const { url: callback } = await browser.open(redirectTo, { stopAt: `${running.url}/upstream/callback` });
  return { callback, authorization };
}

async function people(): Promise<number> {
  const [row] = await running.database.admin.query<{ n: number }>(
    'select count(*)::int as n from cell.people',
  );
  return row?.n ?? -1;
}

describe('A sign-in at Logto', () => {
  it('asks for offline access with a consent prompt, PKCE, state and nonce, in the person’s language', async () => {
    const { url } = await running.begin();
    const answer = await new Browser().fetch(url);
    const query = new URL(answer.headers.get('location') ?? '').searchParams;
    expect(query.get('scope')).toBe('openid profile email phone address custom_data offline_access');
    expect(query.get('prompt')).toBe('consent');
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('state')).toMatch(/^[\w-]{43}$/);
    expect(query.get('nonce')).toMatch(/^[\w-]{43}$/);
    expect(query.get('ui_locales')).toBe('en');
  });

  it('brings the profile into the vault, and finds the person again by their sub', async () => {
    const browser = new Browser();
    const subjectId = await signInThere(running, browser, 'amber');
    expect(await signInThere(running, new Browser(), 'amber')).toBe(subjectId);
    const rows = await running.database.admin.query<{ attribute: string }>(
      'select attribute from cell.users_pii where subject_id = $1 order by attribute',
      [subjectId],
    );
    expect(rows.map(({ attribute }) => attribute)).toEqual([
      ...['contact:email', 'contact:phone', 'profile:birthdate', 'profile:family_name'],
      ...['profile:given_name', 'profile:name'],
    ]);
  });

  it('links nobody by e-mail: the same address at another account is another person', async () => {
    const one = await signInThere(running, new Browser(), 'amber');
    running.logto.state.addUser('amber-too', { primaryEmail: 'amber@example.test' });
    expect(await signInThere(running, new Browser(), 'amber-too')).not.toBe(one);
  });

  it('goes through when Logto signs with a key that was made a moment ago', async () => {
    await signInThere(running, new Browser(), 'birch');
    running.logto.state.rotateSigningKey();
    await signInThere(running, new Browser(), 'birch');
    running.logto.state.rotateSigningKey();
    await signInThere(running, new Browser(), 'birch');
  });

  it('keeps the refresh token sealed, and neither it nor the sub in the clear', async () => {
    await signInThere(running, new Browser(), 'amber');
    const sealed = await running.database.admin.query<{ row: string }>(
      `select row_to_json(a)::text as row from cell.upstream_accounts a union all
       select row_to_json(s)::text from cell.upstream_sessions s`,
    );
    const text = sealed.map(({ row }) => row).join();
    expect(sealed.length).toBeGreaterThan(1);
    for (const secret of [...running.logto.state.users.keys(), ...running.logto.state.refreshTokens.keys()]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});

describe('A sign-in that goes wrong', () => {
  it('is refused when a callback is replayed, and when another tab’s state is used', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    expect((await browser.fetch(callback)).status).toBe(303);
    expect((await browser.fetch(callback)).status).toBe(404);
    const other = await untilCallback(new Browser(), 'birch');
    expect((await browser.fetch(other.callback)).status).toBe(404);
  });

  it('lets two tabs of one browser finish in any order', async () => {
    const browser = new Browser();
    const [first, second] = [await running.begin(), await running.begin()];
    const [one, two] = [await browser.fetch(first.url), await browser.fetch(second.url)];
    const wish = { username: 'birch', stopAt: CORE };
    for (const answer of [two, one]) {
      const url = answer.headers.get('location') ?? '';
      const end = await openAtLogto(browser, running.logto, { ...wish, url });
      expect(end.url.origin).toBe(CORE);
    }
  });

  it('ends with a page that says so after more than an hour', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    await running.database.admin.query(
      `update cell.upstream_logins set expires_at = now() - interval '1 second'`,
    );
    const answer = await browser.fetch(callback);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });

  it('makes nobody when the user is deleted before the code is redeemed', async () => {
    const user = running.logto.state.addUser('leaving');
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'leaving');
    running.logto.state.users.delete(user.id);
    const before = await people();
    const answer = await browser.fetch(callback);
    expect(answer.status).toBe(410);
    expect(await answer.text()).toContain('interaction_expired');
    expect(await people()).toBe(before);
  });

  it('lets nobody in whose user is deleted between the code and the profile', async () => {
    const user = running.logto.state.addUser('leaving-later');
    await signInThere(running, new Browser(), 'leaving-later');
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'leaving-later');
    running.logto.faults.answer = ({ url }) => {
      if (url.pathname === '/oidc/me') running.logto.state.endEverythingOf(user.id);
      return undefined;
    };
    const answer = await browser.fetch(callback);
    running.logto.faults.answer = undefined;
    expect(answer.status).toBe(410);
    expect([...browser.cookies.keys()].some((name) => name.startsWith('userref_account'))).toBe(false);
  });

  it('is refused with a page while our client secret is wrong, and works when it is right again', async () => {
    const secrets = running.logto.state.secrets.get(running.application.id) ?? [];
    const right = secrets.splice(0);
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    const answer = await browser.fetch(callback);
    expect(answer.status).toBe(502);
    secrets.push(...right);
    await signInThere(running, browser, 'birch');
  });

  it('is refused when Logto’s clock is far from ours, and not when it is a little off', async () => {
    running.logto.state.clockAheadSeconds = -7_200;
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    expect((await browser.fetch(callback)).status).toBe(502);
    running.logto.state.clockAheadSeconds = -20;
    await signInThere(running, new Browser(), 'birch');
    running.logto.state.clockAheadSeconds = 20;
    await signInThere(running, new Browser(), 'birch');
    running.logto.state.clockAheadSeconds = 0;
  });

  it('gets a page to try again while Logto is down, also in the middle of a sign-in', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    await running.logto.stop();
    const answer = await browser.fetch(callback);
    const html = await answer.text();
    expect(answer.status).toBe(502);
    expect(html).toContain('upstream_unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await running.logto.restart();
    // The page leads back to where this login began, at the site, and not to another one.
    const [, again = ''] = /href="(\/interaction\/[^"]+)"/.exec(html) ?? [];
    const end = await openAtLogto(browser, running.logto, {
      ...{ url: `${running.url}${again}`, username: 'birch', stopAt: CORE },
    });
    expect(end.url.pathname).toContain('/outcome');
  });

  it('gets the same page when Logto is down at the start, and goes on from it', async () => {
    const fresh = await startLogtoCell();
    fresh.logto.state.addUser('birch');
    const { url } = await fresh.begin();
    await fresh.logto.stop();
    const browser = new Browser();
    const answer = await browser.fetch(url);
    const html = await answer.text();
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(html).toContain('upstream_unavailable');
    expect(html).toContain(`href="${new URL(url).pathname}"`);
    await fresh.logto.restart();
    const end = await openAtLogto(browser, fresh.logto, { url, username: 'birch', stopAt: CORE });
    expect(end.url.pathname).toContain('/outcome');
    await fresh.close();
  });

  it.each([
    [
      'the issuer of somebody else',
      (url: URL) => url.searchParams.set('iss', 'https://elsewhere.example.test'),
    ],
    ['no issuer, which Logto always names', (url: URL) => url.searchParams.delete('iss')],
    ['a code of somebody else', (url: URL) => url.searchParams.set('code', 'somebody-elses-code')],
  ])('lets nobody in whose callback has %s', async (_what, alter) => {
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    alter(callback);
    const answer = await browser.fetch(callback);
    expect([502, 410]).toContain(answer.status);
    expect([...browser.cookies.keys()].some((name) => name.startsWith('userref_account'))).toBe(false);
  });

  it('lets nobody in with the token of another sign-in: the nonce is not this one', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    await running.database.admin.query(`update cell.upstream_logins set nonce = 'another'`);
    expect((await browser.fetch(callback)).status).toBe(502);
  });

  it('lets nobody in who holds the code and not the verifier', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    await running.database.admin.query(`update cell.upstream_logins set code_verifier = repeat('a', 43)`);
    expect((await browser.fetch(callback)).status).toBe(410);
  });
});

describe('A Logto that is slow', () => {
  it('keeps no connection to the database from anybody', async () => {
    const browsers = Array.from({ length: 30 }, () => new Browser());
    const callbacks: Awaited<ReturnType<typeof untilCallback>>[] = [];
    for (const browser of browsers) callbacks.push(await untilCallback(browser, 'birch'));
    running.logto.faults.delayMs = 1_500;
    const logins = browsers.map((browser, index) => browser.fetch(callbacks[index]?.callback ?? ''));
    await new Promise((done) => setTimeout(done, 400));
    const started = Date.now();
    const health = await fetch(`${running.url}/readyz`);
    expect(health.status).toBe(200);
    // Thirty wait for Logto; twenty connections are all that there are.
    expect(Date.now() - started).toBeLessThan(1_000);
    running.logto.faults.delayMs = 0;
    for (const answer of await Promise.all(logins)) expect(answer.status).toBe(303);
  });

  it('is given up before a browser would, with a page to try again', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(browser, 'birch');
    running.logto.faults.delayMs = 60_000;
    const started = Date.now();
    const answer = await browser.fetch(callback);
    running.logto.faults.delayMs = 0;
    expect(answer.status).toBe(502);
    expect(Date.now() - started).toBeLessThan(12_000);
    expect(await answer.text()).toContain('href="/interaction/');
  });
});
