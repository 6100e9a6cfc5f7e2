import { SID, USER_REF } from '@userref/sdk-core/testing';
import { describe, expect, it } from 'vitest';
import { useShop } from './support/shop.ts';

const shop = useShop();

const deliver = async (token: string) =>
  shop.visit('/userref/backchannel-logout', {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }).toString(),
    headers: { accept: '*/*', 'content-type': 'application/x-www-form-urlencoded' },
  });

describe('the back-channel logout address', () => {
  it('ends the session, says 200 and nothing else, and tells the shop', async () => {
    const jar = await shop.signIn();
    const response = await deliver(await shop.core.logoutToken());
    expect([response.status, response.headers.get('cache-control'), await response.text()]).toEqual([
      200,
      'no-store',
      '',
    ]);
    expect(await (await shop.visit('/', { jar })).json()).toEqual({ user: null });
    expect(shop.revoked).toEqual([{ type: 'session.revoked', userRef: USER_REF, sid: SID, reason: null }]);
  });

  it('answers 400 to a replay, to an ID token and to nothing', async () => {
    const token = await shop.core.logoutToken();
    await deliver(token);
    for (const [sent, code] of [
      [token, 'logout_token_replayed'],
      [await shop.core.passport(), 'logout_token_invalid'],
      ['', 'logout_token_invalid'],
    ]) {
      const response = await deliver(sent as string);
      expect([response.status, response.headers.get('cache-control')]).toEqual([400, 'no-store']);
      expect(await response.json()).toMatchObject({ code });
    }
  });
});
