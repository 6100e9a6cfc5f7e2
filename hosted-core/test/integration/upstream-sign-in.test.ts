import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAtLogto } from '../support/fake-logto/logto-visit.ts';
import {
  Browser,
  type LogtoCell,
  signInThere,
  startLogtoCell,
  untilCallback,
} from '../support/logto-cell.ts';
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
    const { callback } = await untilCallback(running, browser, 'birch');
    expect((await browser.fetch(callback)).status).toBe(303);
    expect((await browser.fetch(callback)).status).toBe(404);
    const other = await untilCallback(running, new Browser(), 'birch');
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
    const { callback } = await untilCallback(running, browser, 'birch');
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
    const { callback } = await untilCallback(running, browser, 'leaving');
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
    const { callback } = await untilCallback(running, browser, 'leaving-later');
    running.logto.faults.answer = ({ url }) => {
      if (url.pathname === '/oidc/me') running.logto.state.endEverythingOf(user.id);
      return undefined;
    };
    const answer = await browser.fetch(callback);
    running.logto.faults.answer = undefined;
    expect(answer.status).toBe(410);
    expect([...browser.cookies.keys()].some((name) => name.startsWith('userref_account'))).toBe(false);
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
    const { callback } = await untilCallback(running, browser, 'birch');
    alter(callback);
    const answer = await browser.fetch(callback);
    expect([502, 410]).toContain(answer.status);
    expect([...browser.cookies.keys()].some((name) => name.startsWith('userref_account'))).toBe(false);
  });

  it('lets nobody in with the token of another sign-in: the nonce is not this one', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(running, browser, 'birch');
    await running.database.admin.query(`update cell.upstream_logins set nonce = 'another'`);
    expect((await browser.fetch(callback)).status).toBe(502);
  });

  it('lets nobody in who holds the code and not the verifier', async () => {
    const browser = new Browser();
    const { callback } = await untilCallback(running, browser, 'birch');
    await running.database.admin.query(`update cell.upstream_logins set code_verifier = repeat('a', 43)`);
    expect((await browser.fetch(callback)).status).toBe(410);
  });
});
