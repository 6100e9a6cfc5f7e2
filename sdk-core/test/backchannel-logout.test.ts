import { describe, expect, it } from 'vitest';
import { memorySessionStore } from '../src/index.ts';
import { SID, USER_REF } from '../testing/index.ts';
import { codeOf, signedIn, useTestSite } from './support/site.ts';

const { core, clock, create } = useTestSite();
const bodyOf = (token: string) => new URLSearchParams({ logout_token: token }).toString();
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

describe('a back-channel logout', () => {
  it('ends the session that it names', async () => {
    const site = create();
    const jar = await signedIn(site, core);
    const ended = await site.handleBackchannelLogout({ body: bodyOf(await core.logoutToken()) });
    expect(ended).toMatchObject({ userRef: USER_REF, sid: SID });
    expect(await site.readSession(jar.header)).toBeNull();
  });

  it('without sid ends every session of the user, and without sub the session', async () => {
    for (const left of [{ sid: undefined }, { sub: undefined }]) {
      const site = create();
      const jar = await signedIn(site, core);
      await site.handleBackchannelLogout({ body: bodyOf(await core.logoutToken(left)) });
      expect(await site.readSession(jar.header)).toBeNull();
    }
  });

  it('is refused the second time, in every process that shares the store', async () => {
    const revocations = memorySessionStore({ clock: clock.clock });
    const body = bodyOf(await core.logoutToken());
    await create({ revocations }).handleBackchannelLogout({ body });
    const again = create({ revocations }).handleBackchannelLogout({ body });
    expect(await codeOf(again)).toBe('logout_token_replayed');
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['of another issuer', { iss: 'https://id.other.eu' }],
    ['for another site', { aud: 'shop-b' }],
    ['for several sites', { aud: ['shop-a', 'shop-b'] }],
    ['with a nonce', { nonce: 'n' }],
    ['about something else', { events: {} }],
    ['with an event that is no object', { events: { [EVENT]: true } }],
    ['without events', { events: undefined }],
    ['without jti', { jti: undefined }],
    ['that names nobody', { sub: undefined, sid: undefined }],
    ['of a malformed user', { sub: 'somebody' }],
    ['that has expired', { iat: 1_767_225_000, exp: 1_767_225_120 }],
    ['that lives an hour', { exp: 1_767_225_600 + 3_600 }],
    ['of the future', { iat: 1_767_225_700, exp: 1_767_225_800 }],
    ['without times', { iat: undefined, exp: undefined }],
    ['that is an ID token', {}, { typ: 'JWT' }],
    ['that is a status list', {}, { typ: 'statuslist+jwt' }],
    ['without typ', {}, { typ: undefined }],
    ['unsigned', {}, { alg: 'none' }],
    ['of an unknown key', {}, { kid: 'nobody' }],
  ])('%s is refused and ends nothing', async (_what, claims, header = {}) => {
    const site = create();
    const jar = await signedIn(site, core);
    const body = bodyOf(await core.logoutToken(claims, header));
    expect(await codeOf(site.handleBackchannelLogout({ body }))).toBe('logout_token_invalid');
    expect(await site.readSession(jar.header)).not.toBeNull();
  });

  it('is no passport, and a passport is no logout token', async () => {
    const site = create();
    expect(await codeOf(site.verifyPassport(await core.logoutToken()))).toBe('passport_typ_invalid');
    const body = bodyOf(await core.passport());
    expect(await codeOf(site.handleBackchannelLogout({ body }))).toBe('logout_token_invalid');
  });

  it.each(['', 'logout_token=a&logout_token=b', '{"logout_token":"a"}'])(
    'in the body %j is not found',
    async (body) => {
      expect(await codeOf(create().handleBackchannelLogout({ body }))).toBe('logout_token_invalid');
    },
  );
});
