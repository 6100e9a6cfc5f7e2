import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_PEOPLE, type SamplePerson } from '../../src/development-sign-in/development-sign-in.ts';
import {
  Browser,
  CORE,
  codeOf,
  openSigningIn,
  type RunningCell,
  signIn,
  startCell,
  TENANT,
} from '../support/running-cell.ts';

const SAMPLE = SAMPLE_PEOPLE[0] as SamplePerson;

let running: RunningCell;
beforeAll(async () => {
  running = await startCell();
});
afterAll(() => running.close());

describe('A login interaction', () => {
  it('signs a person in at the upstream and hands a one-time code to the core', async () => {
    const { interactionId, url } = await running.begin();
    const { url: end } = await openSigningIn(new Browser(), url);
    expect(end.href.startsWith(`${CORE}/interaction/${interactionId}/outcome?code=`)).toBe(true);
    const outcome = await running.cell.readOutcome({ tenantId: TENANT, interactionId, code: codeOf(end) });
    expect(outcome).toMatchObject({ result: 'signed_in', region: 'eu-1', assuranceLevel: 'low' });
  });

  it('is silent for a person who is signed in already', async () => {
    const browser = new Browser();
    const subjectId = await signIn(running, browser);
    const { interactionId, url } = await running.begin();
    const answer = await browser.fetch(url);
    expect(answer.status).toBe(303);
    const code = codeOf(new URL(answer.headers.get('location') ?? ''));
    expect(await running.cell.readOutcome({ tenantId: TENANT, interactionId, code })).toMatchObject({
      subjectId,
    });
  });

  it('asks for credentials again when the site demands it, even if the upstream knows the person', async () => {
    const browser = new Browser();
    await signIn(running, browser);
    const { url } = await running.begin({ forceLogin: true });
    const atUpstream = await browser.open(url);
    expect(atUpstream.url.pathname).toMatch(/^\/sign-in\//);
    const { url: end } = await openSigningIn(browser, atUpstream.url.href);
    expect(end.origin).toBe(CORE);
  });

  it('does not recognise a session whose person is erased', async () => {
    const people = [{ ...SAMPLE, login: 'cedar', sub: 'dev-cedar' }];
    const own = await startCell({ people });
    const browser = new Browser();
    const subjectId = await signIn(own, browser, 'cedar');
    await own.database.admin.query(`update cell.people set status = 'erased' where subject_id = $1`, [
      subjectId,
    ]);
    const { url } = await own.begin();
    const answer = await browser.fetch(url);
    expect(answer.headers.get('location')).toContain(`${own.issuer}/auth?`);
    expect((await browser.fetch(`${own.url}/account`)).headers.get('location')).toContain(
      `${own.issuer}/auth?`,
    );
    await own.close();
  });

  it('is nobody else’s: another browser gets 404 and learns nothing of it', async () => {
    const { url } = await running.begin();
    await new Browser().fetch(url);
    const other = await new Browser().fetch(url);
    expect(other.status).toBe(404);
    const unknown = await new Browser().fetch(`${running.url}/interaction/nobody-knows-this-one`);
    expect(unknown.status).toBe(404);
    const withoutIds = (html: string) => html.replace(/[0-9a-f-]{36}/g, '');
    expect(withoutIds(await other.text())).toBe(withoutIds(await unknown.text()));
  });

  it('expires with a page that says so', async () => {
    const { url } = await running.begin({ expiresAt: new Date(Date.now() - 1_000) });
    const answer = await new Browser().fetch(url);
    expect(answer.status).toBe(410);
    expect(await answer.text()).toContain('interaction_expired');
  });

  it('gives its outcome once when twenty callers ask for it at the same time', async () => {
    const { interactionId, url } = await running.begin();
    const { url: end } = await openSigningIn(new Browser(), url);
    const query = { tenantId: TENANT, interactionId, code: codeOf(end) };
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => running.cell.readOutcome(query)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(new Set(refused)).toEqual(new Set(['interaction_not_found']));
  });

  it('gives nothing for a wrong code, a code of another interaction, or another tenant', async () => {
    const browser = new Browser();
    const [first, second] = [await running.begin(), await running.begin()];
    const code = codeOf((await openSigningIn(browser, first.url)).url);
    await openSigningIn(browser, second.url);
    for (const wrong of [
      { tenantId: TENANT, interactionId: first.interactionId, code: 'x'.repeat(43) },
      { tenantId: TENANT, interactionId: second.interactionId, code },
      { tenantId: 'other', interactionId: first.interactionId, code },
    ]) {
      await expect(running.cell.readOutcome(wrong)).rejects.toMatchObject({ code: 'interaction_not_found' });
    }
    await expect(
      running.cell.readOutcome({ tenantId: TENANT, interactionId: first.interactionId, code }),
    ).resolves.toBeDefined();
  });

  it('is over once its outcome was read', async () => {
    const browser = new Browser();
    const { interactionId, url } = await running.begin();
    const code = codeOf((await openSigningIn(browser, url)).url);
    await running.cell.readOutcome({ tenantId: TENANT, interactionId, code });
    expect((await browser.fetch(url)).status).toBe(410);
  });
});

describe('The upstream callback', () => {
  it('refuses a replay, and a browser that did not start the login', async () => {
    const browser = new Browser();
    const { url } = await running.begin();
    const atUpstream = await browser.open(url);
    const answer = await browser.fetch(atUpstream.url, {
      method: 'POST',
      body: new URLSearchParams({ login: 'amber' }),
    });
    const resume = await browser.fetch(new URL(answer.headers.get('location') ?? '', atUpstream.url));
    const callback = resume.headers.get('location') ?? '';
    expect(callback).toMatch(/^http:\/\/localhost:\d+\/upstream\/callback\?/);
    expect((await new Browser().fetch(callback)).status).toBe(404);
    expect((await browser.fetch(callback)).status).toBe(303);
    expect((await browser.fetch(callback)).status).toBe(404);
  });

  it('refuses an answer that names another issuer', async () => {
    const browser = new Browser();
    const atUpstream = await browser.open((await running.begin()).url);
    const answer = await browser.fetch(atUpstream.url, {
      method: 'POST',
      body: new URLSearchParams({ login: 'amber' }),
    });
    const resume = await browser.fetch(new URL(answer.headers.get('location') ?? '', atUpstream.url));
    const callback = new URL(resume.headers.get('location') ?? '');
    callback.searchParams.set('iss', 'https://evil.test');
    expect((await browser.fetch(callback)).status).toBe(502);
    expect([...browser.cookies.keys()].some((name) => name.startsWith('userref_account'))).toBe(false);
  });

  it('gives a new account session at every sign-in and ends the one before', async () => {
    const browser = new Browser();
    await signIn(running, browser);
    const before = browser.cookies.get('userref_account|/')?.value;
    await openSigningIn(browser, (await running.begin({ forceLogin: true })).url);
    expect(browser.cookies.get('userref_account|/')?.value).not.toBe(before);
    const old = await fetch(`${running.url}/account`, {
      headers: { cookie: `userref_account=${before}` },
      redirect: 'manual',
    });
    expect(old.status).toBe(303);
  });
});

describe('The person behind an upstream identity', () => {
  it('is made once when they sign in for the first time in several browsers at once', async () => {
    const subjects = await Promise.all(
      Array.from({ length: 6 }, () => signIn(running, new Browser(), 'birch')),
    );
    expect(new Set(subjects).size).toBe(1);
    const [people] = await running.database.admin.query<{ count: number }>(
      'select count(*)::int as count from cell.people p where not exists (select 1 from cell.identifiers i where i.subject_id = p.subject_id)',
    );
    expect(people?.count).toBe(0);
  });

  it('leaves neither their upstream id nor any value in the clear in the database', async () => {
    await signIn(running, new Browser(), 'amber');
    const tables = await running.database.admin.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema in ('cell', 'cell_keys', 'core') or table_schema like '%\\_jobs'`,
    );
    let rows = '';
    for (const { name } of tables) {
      const found = await running.database.admin.query<{ row: string }>(
        `select to_jsonb(t)::text as row from ${name} t`,
      );
      rows += found.map(({ row }) => row).join('\n');
    }
    expect(rows).toContain('person.created');
    for (const canary of [
      'dev-7q2m4k9xw3ta',
      'sample.amber@example.test',
      'Personamber',
      'Honey Lane',
      '442079460171',
    ]) {
      expect(rows).not.toContain(canary);
    }
  });
});

describe('An upstream that is away', () => {
  it('gets a page with a way to try again, which works once it is back', async () => {
    const fresh = await startCell();
    await fresh.stopUpstream();
    const browser = new Browser();
    const { url } = await fresh.begin();
    const answer = await browser.fetch(url);
    const html = await answer.text();
    expect(answer.status).toBe(502);
    expect(html).toContain('upstream_unavailable');
    expect(html).not.toContain(fresh.issuer);
    await fresh.restartUpstream();
    expect((await openSigningIn(browser, url)).url.origin).toBe(CORE);
    await fresh.close();
  });
});
