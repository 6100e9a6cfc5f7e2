import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf, useTestSite, WEBHOOK_SECRET } from './support/site.ts';

const { clock, create } = useTestSite();
const body = '{"type":"endpoint.test","timestamp":"2026-01-01T00:00:00Z","data":{}}';

function newKey(): { privateKey: KeyObject; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { privateKey, publicKey: `whpk_${Buffer.from(x, 'base64url').toString('base64')}` };
}

const [ours, other] = [newKey(), newKey()];

function headersOf(key: KeyObject, { id = 'evt_1', signed = body, at = clock.seconds } = {}) {
  const signature = sign(null, Buffer.from(`${id}.${at}.${signed}`), key).toString('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1a,${signature}` };
}

const withKey = (publicKey: string | string[] = ours.publicKey) =>
  create({ webhookSecret: [], webhookPublicKey: publicKey });

describe('a webhook with a v1a signature', () => {
  it('is accepted by a site that has the public key and no secret', async () => {
    const event = await withKey().verifyWebhook({ headers: headersOf(ours.privateKey), body });
    expect(event.type).toBe('endpoint.test');
  });

  it('is accepted under either key during a rotation, and beside a secret', async () => {
    const headers = headersOf(ours.privateKey);
    await withKey([other.publicKey, ours.publicKey]).verifyWebhook({ headers, body });
    await create({ webhookPublicKey: ours.publicKey }).verifyWebhook({ headers, body });
  });

  it('is refused under another key, altered, or moved to another id', async () => {
    const site = withKey();
    const tries = [
      { headers: headersOf(other.privateKey), body },
      { headers: headersOf(ours.privateKey), body: `${body} ` },
      { headers: { ...headersOf(ours.privateKey), 'webhook-id': 'evt_2' }, body },
      { headers: headersOf(ours.privateKey, { at: clock.seconds - 301 }), body },
    ];
    const codes = await Promise.all(tries.map((one) => codeOf(site.verifyWebhook(one))));
    expect(codes).toEqual([
      'webhook_signature_invalid',
      'webhook_signature_invalid',
      'webhook_signature_invalid',
      'webhook_timestamp_invalid',
    ]);
  });

  it('counts for nothing where only a secret is known', async () => {
    const site = create({ webhookSecret: WEBHOOK_SECRET });
    expect(await codeOf(site.verifyWebhook({ headers: headersOf(ours.privateKey), body }))).toBe(
      'webhook_signature_invalid',
    );
  });

  it.each(['whpk_', 'whsec_AAAA', `whpk_${btoa('too short')}`])('%s is no public key', (webhookPublicKey) => {
    expect(() => create({ webhookPublicKey })).toThrow(/webhookPublicKey/);
  });
});
