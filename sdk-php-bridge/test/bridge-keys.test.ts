import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeFolders, serveCore, startTestBridge, type TestBridge } from './support/test-bridge.ts';

describe('the key set', () => {
  let served: ServedFakeCore;
  let bridge: TestBridge;
  let minutes: number;
  const publish = (text: string) => {
    const headers = { 'content-type': 'application/jwk-set+json' };
    served.core.bends.replies = { jwks: () => new Response(text, { headers }) };
  };
  const status = async () => (await bridge.call('/v1/health')).body.status;

  beforeEach(async () => {
    minutes = 0;
    served = await serveCore();
    bridge = await startTestBridge(served.core, { clock: () => new Date(Date.now() + minutes * 60_000) });
  });
  afterEach(async () => {
    await bridge.stop();
    await served.stop();
    removeFolders();
  });

  it('may be kept for five minutes, and is served on while the core is away', async () => {
    const before = await bridge.call('/v1/jwks');
    expect(before.headers['cache-control']).toBe('max-age=300');
    await served.stop();
    minutes = 10;
    expect((await bridge.call('/v1/jwks')).body).toEqual(before.body);
  });

  it.each([
    '{}',
    '[]',
    'null',
    '{"keys":[]}',
    '{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}',
    '{"keys":[{"kty":"OKP","kid":"a"},{"kty":"OKP","kid":"a"}]}',
  ])(
    'that no verifier takes, %s, does not take the place of a good one, and the health says so',
    async (set) => {
      const good = await bridge.call('/v1/jwks');
      expect(await status()).toBe('ok');
      publish(set);
      minutes = 10;
      expect(await status()).toBe('degraded');
      expect((await bridge.call('/v1/jwks')).body).toEqual(good.body);
      served.core.bends.replies = {};
      expect(await status()).toBe('ok');
    },
  );

  it('that no verifier takes is given to nobody, and no refusal is kept', async () => {
    publish('{"keys":[]}');
    const refused = await bridge.call('/v1/jwks');
    expect([refused.status, refused.body.code]).toEqual([502, 'passport_key_unusable']);
    expect(refused.headers['cache-control']).toBe('no-store');
  });
});
