import { describe, expect, it } from 'vitest';
import { oauthError } from '../testing/index.ts';
import { CookieJar } from './support/cookie-jar.ts';
import { codeOf, signedIn, useTestSite } from './support/site.ts';

const { core, create } = useTestSite();
const PREVIEW = 'https://pr-123--shop.preview.example';
const OTHER = 'https://pr-124--shop.preview.example';
const previewAt = (previewOrigin: string) => create({ previewOrigin });

async function discoveryWith(changes: Record<string, unknown>) {
  const answer = await core.answer(new Request(`${core.issuer}/.well-known/openid-configuration`));
  core.bends.replies.discovery = () => Response.json({ ...body, ...changes });
  const body = (await answer?.json()) as Record<string, unknown>;
}

describe('a preview', () => {
  it('has its own address in place of the site’s', async () => {
    const userref = previewAt(PREVIEW);
    expect(userref.baseUrl).toBe(PREVIEW);
    await signedIn(userref, core);
    const addresses = ['par', 'token'].map((name) =>
      core.callsTo(name as 'par')[0]?.body.get('redirect_uri'),
    );
    expect(addresses).toEqual([`${PREVIEW}/userref/callback`, `${PREVIEW}/userref/callback`]);
  });

  it('comes back to itself and nowhere else', async () => {
    const userref = previewAt(PREVIEW);
    expect(userref.isSafeReturnTo('/checkout?step=2')).toBe(true);
    expect([`${OTHER}/`, '//shop.example', 'https://shop.example/'].filter(userref.isSafeReturnTo)).toEqual(
      [],
    );
    const link = (target: string) =>
      userref.startInitiatedLogin({ url: `/userref/login?target_link_uri=${encodeURIComponent(target)}` });
    await link(`${PREVIEW}/orders`);
    expect(await codeOf(link('https://shop.example/orders'))).toBe('return_to_rejected');
    expect(await codeOf(link(`${OTHER}/orders`))).toBe('return_to_rejected');
  });

  it('has cookies of its own: neither another preview nor the site takes them', async () => {
    const { header } = await signedIn(previewAt(PREVIEW), core);
    expect(await previewAt(PREVIEW).readSession(header)).not.toBeNull();
    expect(await previewAt(OTHER).readSession(header)).toBeNull();
    expect(await create().readSession(header)).toBeNull();
    const ofTheSite = await signedIn(create(), core);
    expect(await previewAt(PREVIEW).readSession(ofTheSite.header)).toBeNull();
  });

  it('takes no answer to a login that another preview began', async () => {
    const started = await previewAt(OTHER).startLogin();
    const cookieHeader = new CookieJar().store(started.setCookies).header;
    const { search } = core.signIn(started.url);
    const finished = previewAt(PREVIEW).finishLogin({
      url: `${PREVIEW}/userref/callback${search}`,
      cookieHeader,
    });
    expect(await codeOf(finished)).toBe('login_state_mismatch');
    expect(core.callsTo('token')).toEqual([]);
  });

  it('takes no answer of another issuer (RFC 9207)', async () => {
    const userref = previewAt(PREVIEW);
    const started = await userref.startLogin();
    const cookieHeader = new CookieJar().store(started.setCookies).header;
    for (const issuer of ['https://evil.example', null]) {
      const back = core.signIn(started.url);
      if (issuer) back.searchParams.set('iss', issuer);
      else back.searchParams.delete('iss');
      expect(await codeOf(userref.finishLogin({ url: back.href, cookieHeader }))).toBe('issuer_mismatch');
    }
    expect(core.callsTo('token')).toEqual([]);
  });

  it('signs out without asking the core to lead back', async () => {
    const { logoutUrl } = await previewAt(PREVIEW).endSession({ cookieHeader: null });
    expect(new URL(logoutUrl).searchParams.has('post_logout_redirect_uri')).toBe(false);
    const ofTheSite = new URL((await create().endSession({ cookieHeader: null })).logoutUrl);
    expect(ofTheSite.searchParams.get('post_logout_redirect_uri')).toBe('https://shop.example/');
  });

  it.each([
    ['is live', { userref_mode: 'live' }],
    ['does not say its mode', { userref_mode: undefined }],
    ['takes no pushed requests', { pushed_authorization_request_endpoint: undefined }],
  ])('starts no login at a core that %s, and asks it nothing', async (_what, changes) => {
    await discoveryWith(changes);
    core.calls.length = 0;
    expect(await codeOf(previewAt(PREVIEW).startLogin())).toBe('preview_refused');
    expect(core.calls.map(({ endpoint }) => endpoint)).toEqual(['discovery']);
    await create().startLogin();
  });

  it('says so when the core does not know its address, and names no secret', async () => {
    core.bends.replies.par = () => oauthError('invalid_request', 400);
    await expect(previewAt(PREVIEW).startLogin()).rejects.toMatchObject({
      code: 'preview_refused',
      detail: expect.stringContaining(PREVIEW),
      fix: expect.stringContaining('userref-core sites previews'),
    });
    expect(await codeOf(create().startLogin())).toBe('login_request_refused');
    core.bends.replies.par = () => oauthError('invalid_client', 401);
    expect(await codeOf(previewAt(PREVIEW).startLogin())).toBe('login_request_refused');
  });

  it.each([
    'pr-123--shop.preview.example',
    'http://pr-123--shop.preview.example',
    `${PREVIEW}/path`,
    `${PREVIEW}?x`,
    'https://*--shop.preview.example',
    'https://u:p@pr-123--shop.preview.example',
    '',
  ])('is not at %j', (previewOrigin) => {
    expect(() => create({ previewOrigin })).toThrow(
      expect.objectContaining({ code: 'config_invalid', detail: expect.stringContaining('previewOrigin') }),
    );
  });

  it('is none while the option is undefined, as it is where the variable is not set', () => {
    expect(create({ previewOrigin: undefined }).baseUrl).toBe('https://shop.example');
  });
});
