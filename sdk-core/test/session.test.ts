import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { memorySessionStore } from '../src/index.ts';
import { createSession, type Session } from '../src/session/session.ts';
import { ACCESS_TOKEN, problem, SID, USER_REF } from '../testing/index.ts';
import { codeOf, SESSION_SECRET, signedIn, useTestSite } from './support/site.ts';

const { core, clock, create } = useTestSite();
const NEW_SECRET = 'another session secret with more than 32 characters';

describe('the session cookie', () => {
  it('is host-only, secure, out of reach of scripts, and as long as the session', async () => {
    const userref = create();
    const started = await userref.startLogin();
    const cookieHeader = started.setCookies.map((cookie) => cookie.split(';')[0]).join('; ');
    const { setCookies } = await userref.finishLogin({ url: core.signIn(started.url).href, cookieHeader });
    expect(setCookies.at(-1)).toMatch(
      /^__Host-userref=1\.[\w-]{6}\.[\w-]+; Path=\/; Max-Age=28800; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it('carries the id of the site in its name on the loopback, where cookies do not know ports', async () => {
    const jar = await signedIn(create({ baseUrl: 'http://localhost:4010' }), core);
    expect(jar.names).toEqual(['userref_shop-a']);
  });

  it('stays under 1,500 bytes with every attribute of the catalogue and eight purposes', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    const plain = jar.get('__Host-userref').length;
    const session = (await userref.readSession(jar.header)) as Session;
    const askedPurposes = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`purpose_no_${index}`, 1_767_225_600]),
    );
    const consents = [
      'profile:name profile:given_name profile:family_name profile:birthdate profile:locale profile:citizenship',
      'contact:email contact:phone address:shipping address:billing age:over_16 age:over_18 address:country',
    ].flatMap((line) => line.split(' '));
    const { setCookies } = await userref.reviseSession(session, { consents, askedPurposes });
    expect(plain).toBeLessThan(350);
    expect(setCookies[0]?.length).toBeLessThan(1500);
  });

  it('shows nothing of what it holds', async () => {
    const jar = await signedIn(create(), core);
    const sealed = atob(
      jar.get('__Host-userref').split('.')[2]?.replaceAll('-', '+').replaceAll('_', '/') ?? '',
    );
    for (const secret of [USER_REF.slice(5), SID, ACCESS_TOKEN]) expect(sealed).not.toContain(secret);
  });

  it('is refused after any change of a character', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    const sealed = jar.get('__Host-userref');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1);
      expect(await userref.checkSession(`__Host-userref=${changed}`)).toEqual({
        session: null,
        refusal: 'session_invalid',
      });
    }
  });

  it.each(['', 'x', '1.AAAAAA.', '2.AAAAAA.AAAA', 'null', '{}'])(
    'is refused as %j without an error',
    async (value) => {
      expect(await create().readSession(`__Host-userref=${value}`)).toBeNull();
    },
  );

  it('opens with the old secret while the new one seals', async () => {
    const jar = await signedIn(create(), core);
    const rotated = create({ sessionSecret: [NEW_SECRET, SESSION_SECRET] });
    expect(await rotated.readSession(jar.header)).toMatchObject({ userRef: USER_REF });
    const fresh = await signedIn(rotated, core);
    expect(await create().readSession(fresh.header)).toBeNull();
    expect(await create({ sessionSecret: NEW_SECRET }).readSession(fresh.header)).not.toBeNull();
    expect(await create({ sessionSecret: NEW_SECRET }).readSession(jar.header)).toBeNull();
  });

  it('of another site with the same secret is refused', async () => {
    const jar = await signedIn(create(), core);
    expect(await create({ site: 'shop-b' }).readSession(jar.header)).toBeNull();
    expect(await create({ issuer: 'https://other.example.eu' }).readSession(jar.header)).toBeNull();
  });

  it('is not a transaction, nor the other way round', async () => {
    const userref = create();
    const started = await userref.startLogin();
    const transaction = /=([^;]*)/.exec(started.setCookies[0] ?? '')?.[1];
    expect(await userref.readSession(`__Host-userref=${transaction}`)).toBeNull();
  });

  it('counts once when it is sent twice: the first', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    expect(await userref.readSession(`${jar.header}; __Host-userref=forged`)).not.toBeNull();
    expect(await userref.readSession(`__Host-userref=forged; ${jar.header}`)).toBeNull();
  });

  it('ends with the session, whatever the browser keeps', async () => {
    const userref = create({ sessionTtlSeconds: 60 });
    const jar = await signedIn(userref, core);
    clock.seconds += 59;
    expect(await userref.readSession(jar.header)).not.toBeNull();
    clock.seconds += 1;
    expect((await userref.checkSession(jar.header)).refusal).toBe('session_expired');
  });
});

describe('a session', () => {
  it('shows its access token in no log, no JSON and no copy', async () => {
    const userref = create();
    const session = (await userref.readSession((await signedIn(userref, core)).header)) as Session;
    expect(session.accessToken).toBe(ACCESS_TOKEN);
    const shown = [
      inspect(session),
      inspect(session, { showHidden: true, depth: 9 }),
      inspect(session, { showHidden: true, customInspect: false }),
      JSON.stringify(structuredClone(session)),
      JSON.stringify(session),
      JSON.stringify({ ...session }),
      String(session),
    ];
    for (const text of shown) expect(text).not.toContain(ACCESS_TOKEN);
    expect(inspect(session)).toContain(USER_REF);
  });

  it('cannot be changed by a page', async () => {
    const userref = create();
    const session = (await userref.readSession((await signedIn(userref, core)).header)) as Session;
    expect(() => Object.assign(session, { userRef: 'ppid_other' })).toThrow(TypeError);
    expect(() => (session.consents as string[]).push('contact:email')).toThrow(TypeError);
  });

  it('that does not fit into a cookie is an error, not a session that browsers drop', async () => {
    const userref = create();
    const session = (await userref.readSession((await signedIn(userref, core)).header)) as Session;
    const large = createSession({ ...session }, 'a'.repeat(4000));
    expect(await codeOf(userref.reviseSession(large, {}))).toBe('session_invalid');
  });
});

describe('revocation', () => {
  it('of the session ends it, also for a copy of the cookie', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    await userref.revocations.revokeSession(SID, clock.seconds + 1000);
    expect((await userref.checkSession(jar.header)).refusal).toBe('session_revoked');
  });

  it('of the user ends what was issued until then, and nothing after', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    await userref.revocations.revokeUser(USER_REF, clock.seconds - 1, clock.seconds + 1000);
    expect(await userref.readSession(jar.header)).not.toBeNull();
    await userref.revocations.revokeUser(USER_REF, clock.seconds, clock.seconds + 1000);
    await userref.revocations.revokeUser(USER_REF, clock.seconds - 500, clock.seconds + 10);
    expect((await userref.checkSession(jar.header)).refusal).toBe('session_revoked');
    clock.seconds += 1;
    expect(await userref.readSession((await signedIn(userref, core)).header)).not.toBeNull();
  });

  it('that cannot be looked up is an error and never a session', async () => {
    const revocations = {
      ...memorySessionStore(),
      isRevoked: () => Promise.reject(new Error('store away')),
    };
    const jar = await signedIn(create(), core);
    const work = create({ revocations }).readSession(jar.header);
    await expect(work).rejects.toMatchObject({ code: 'service_unavailable', isTransient: true });
  });

  it('is forgotten when no session can be affected any more', async () => {
    const store = memorySessionStore({ clock: clock.clock });
    await store.revokeSession('old', clock.seconds + 10);
    await store.revokeUser(USER_REF, clock.seconds, clock.seconds + 10);
    expect(await store.rememberWebhook('evt_1', clock.seconds + 10)).toBe(true);
    expect(await store.rememberWebhook('evt_1', clock.seconds + 10)).toBe(false);
    clock.seconds += 100;
    expect(await store.rememberWebhook('evt_1', clock.seconds + 10)).toBe(true);
    expect(await store.isRevoked({ sid: 'old', userRef: USER_REF, issuedAt: 0 })).toBe(false);
  });
});

describe('signing out', () => {
  it('clears the cookie, ends its copies, and goes by the core', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    const copy = jar.header;
    const { setCookies, logoutUrl } = await userref.endSession({ cookieHeader: jar.header });
    expect(jar.store(setCookies).names).toEqual([]);
    expect(await userref.readSession(copy)).toBeNull();
    expect(logoutUrl).toBe(
      'https://id.example.eu/session/end?post_logout_redirect_uri=https%3A%2F%2Fshop.example%2F&client_id=shop-a',
    );
  });

  it('locks nobody out who leaves the page of the core open: the next login brings the same sid, and counts', async () => {
    const userref = create();
    const old = await signedIn(userref, core);
    const { sid } = (await userref.readSession(old.header)) as Session;
    await userref.endSession({ cookieHeader: old.header });
    clock.seconds += 1;
    const again = await signedIn(userref, core);
    expect((await userref.readSession(again.header))?.sid).toBe(sid);
    expect(await userref.readSession(old.header)).toBeNull();
  });

  it('says when the store did not take it, in a code and without the words of its driver', async () => {
    const revokeSession = () => Promise.reject(new Error('connect to redis://user:password@host'));
    const userref = create({ revocations: { ...memorySessionStore(), revokeSession } });
    const { header } = await signedIn(userref, core);
    const error = await userref.endSession({ cookieHeader: header }).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'UserrefError', code: 'service_unavailable', isTransient: true });
    expect(error.message).not.toContain('redis');
  });

  it('works here even when the core is away', async () => {
    core.bends.replies.discovery = () => Response.error();
    const { setCookies, logoutUrl } = await create({ afterLogout: '/bye' }).endSession({ cookieHeader: '' });
    expect(logoutUrl).toBe('https://shop.example/bye');
    expect(setCookies).toEqual(['__Host-userref=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure']);
  });
});

describe('two processes without a common store', () => {
  it('one of them knows no revocation of the other, until the session expires: that is the bound', async () => {
    const [told, other] = [create({ sessionTtlSeconds: 600 }), create({ sessionTtlSeconds: 600 })];
    const { header } = await signedIn(told, core);
    const data = { user_ref: core.person.userRef, reason: 'user' };
    await told.handleWebhook(await core.webhook({ type: 'access.revoked', data }));
    expect(await told.readSession(header)).toBeNull();
    clock.seconds += 599;
    const session = await other.readSession(header);
    if (session === null) throw new Error('it has ended before its time');
    // Attributes depend on the core alone.
    core.bends.replies.attributes = () => problem('invalid_token', 401);
    const fetched = other.fetchAttributes(session, ['profile:name'], { purpose: 'order_delivery' });
    expect(await codeOf(fetched)).toBe('session_revoked');
    clock.seconds += 1;
    expect(await other.readSession(header)).toBeNull();
  });
});
