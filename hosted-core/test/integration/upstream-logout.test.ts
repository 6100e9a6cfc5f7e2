import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, type LogtoCell, signInThere, startLogtoCell } from '../support/logto-cell.ts';
import { csrfOf, post } from '../support/running-cell.ts';
import { until } from '../support/until.ts';

let running: LogtoCell;
beforeAll(async () => {
  running = await startLogtoCell();
  running.logto.state.addUser('amber');
  await running.cell.startJobs();
});
afterAll(() => running.close());

const send = (token: string) =>
  fetch(`${running.url}/upstream/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
  });

async function sessions(): Promise<number> {
  const [row] = await running.database.admin.query<{ n: number }>(
    'select count(*)::int as n from cell.account_sessions',
  );
  return row?.n ?? -1;
}

function newestSession() {
  const session = [...running.logto.state.sessions.values()].at(-1);
  if (!session) throw new Error('no session at Logto');
  return session;
}

describe('Signing out of My data', () => {
  it('revokes the refresh token, and ends the session at Logto by its own form', async () => {
    const browser = new Browser();
    await signInThere(running, browser, 'amber');
    const session = newestSession();
    const page = await (await browser.fetch(`${running.url}/account`)).text();
    const answer = await post(browser, `${running.url}/account/sign-out`, { csrf: csrfOf(page) });
    expect(running.logto.log).toContain('POST /oidc/token/revocation');
    expect(running.logto.state.refreshTokens.size).toBe(0);
    const atLogto = await browser.open(answer.headers.get('location') ?? '');
    expect(atLogto.url.searchParams.has('id_token_hint')).toBe(false);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await atLogto.response.text())?.[1] ?? '';
    const confirmed = await browser.fetch(`${running.logto.origin}/oidc/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    expect(confirmed.headers.get('location')).toBe(`${running.url}/account/signed-out`);
    expect(running.logto.state.sessions.has(session.cookie)).toBe(false);
  });
});

describe('A logout token from Logto', () => {
  it('ends our session that began with that one, and the core’s, and no other', async () => {
    await signInThere(running, new Browser(), 'amber');
    const first = newestSession();
    const subjectId = await signInThere(running, new Browser(), 'amber');
    const before = await sessions();
    await running.logto.oidc.tellBackChannel(first);
    expect(await sessions()).toBe(before - 1);
    const ended = await until(async () => running.core.ended.find((one) => one.subjectId === subjectId));
    expect(ended).toMatchObject({ what: 'sessions', authTime: expect.any(Number) });
  });

  it('without a session ends all of the person’s', async () => {
    await signInThere(running, new Browser(), 'amber');
    const { userId } = newestSession();
    const token = await running.logto.oidc.logoutToken({ sub: userId, aud: running.application.id });
    expect((await send(token)).status).toBe(200);
    expect(await sessions()).toBe(0);
  });

  it('counts once', async () => {
    const { userId } = newestSession();
    const token = await running.logto.oidc.logoutToken({ sub: userId, aud: running.application.id });
    expect((await send(token)).status).toBe(200);
    await signInThere(running, new Browser(), 'amber');
    expect((await send(token)).status).toBe(200);
    expect(await sessions()).toBe(1);
  });

  it.each([
    ['for another application', { aud: 'another' }],
    ['for several applications', { aud: ['another', 'and'] }],
    ['without a subject and a session', { sub: undefined }],
    ['with a nonce', { nonce: 'n' }],
    ['without the event', { events: {} }],
    ['whose event is no object', { events: { 'http://schemas.openid.net/event/backchannel-logout': true } }],
    ['without an id', { jti: undefined }],
  ])('%s is refused', async (_what, change) => {
    const { userId } = newestSession();
    const claims = { sub: userId, aud: running.application.id, ...change };
    const before = await sessions();
    expect((await send(await running.logto.oidc.logoutToken(claims))).status).toBe(400);
    expect(await sessions()).toBe(before);
  });

  it.each(['JWT', 'at+jwt', undefined])('of the type %s is refused', async (typ) => {
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const claims = { sub: newestSession().userId, aud: running.application.id, jti: 'j', events };
    const token = await running.logto.oidc.sign(claims, { seconds: 120, ...(typ && { typ }) });
    expect((await send(token)).status).toBe(400);
  });

  it('that is older than its two minutes is refused, and so is no token at all', async () => {
    running.logto.state.clockAheadSeconds = -300;
    const token = await running.logto.oidc.logoutToken({
      sub: newestSession().userId,
      aud: running.application.id,
    });
    running.logto.state.clockAheadSeconds = 0;
    expect((await send(token)).status).toBe(400);
    expect((await send('')).status).toBe(400);
    expect((await send('a.b.c')).status).toBe(400);
  });
});
