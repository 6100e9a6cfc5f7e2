import { describe, expect, it } from 'vitest';
import { signedWebhook, userRef } from './support/fake-core.ts';
import { useTestShop } from './support/test-shop.ts';

const test = useTestShop();

describe('withdrawal', () => {
  it('flips the open page and ends the session at once', async () => {
    const order = await test.placeOrder();
    const cookie = [...test.browser.cookies].map((pair) => pair.join('=')).join('; ');
    const live = await fetch(`${test.shop.url}/live`, { headers: { cookie } });
    const heard = live.text();
    expect((await test.deliver('access.revoked', { reason: 'withdrawn' })).status).toBeLessThan(300);
    expect(await heard).toContain('event: signed-out\ndata: {"reason":"withdrawn"}');

    const { status, text } = await test.browser.open(order);
    expect(status).toBe(401);
    expect(text).toContain('Sign in to see this');
    expect(text).not.toContain('Example Lane');
  });

  it('leaves other people signed in', async () => {
    await test.signIn();
    await test.deliver('access.revoked', { user_ref: `ppid_${'z'.repeat(26)}`, reason: 'withdrawn' });
    expect((await test.browser.open('/')).text).toContain(userRef);
  });

  it('is remembered after a restart', async () => {
    await test.signIn();
    await test.deliver('session.revoked', { sid: 'session-1', reason: 'withdrawn' });
    await test.restart();
    expect((await test.browser.open('/')).text).not.toContain(userRef);
  });

  it('tells a page that comes back late that it is signed out', async () => {
    const live = await fetch(`${test.shop.url}/live`);
    expect(await live.text()).toContain('event: signed-out\ndata: {"reason":"ended"}');
  });

  it('believes no webhook with a false signature', async () => {
    await test.signIn();
    const forged = signedWebhook({
      type: 'access.revoked',
      data: { user_ref: userRef, reason: 'withdrawn' },
    });
    const headers = { ...forged.headers, 'webhook-signature': `v1,${'A'.repeat(43)}=` };
    const response = await fetch(`${test.shop.url}/userref/webhook`, { ...forged, headers });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect((await test.browser.open('/')).text).toContain(userRef);
  });
});
