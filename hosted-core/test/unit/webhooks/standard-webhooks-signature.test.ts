import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import {
  decodeWebhookSecret,
  newWebhookSecret,
  signWebhook,
  webhookHeaders,
} from '../../../src/core/webhooks/standard-webhooks-signature.ts';

const ID = 'evt_abcdefghijklmnopqrstuvwxyz';
const BODY = Buffer.from(
  '{"type":"endpoint.test","timestamp":"2026-11-22T09:00:00Z","data":{"text":"Ä € 😀"}}',
);
const now = () => Math.floor(Date.now() / 1_000);

describe('signatures', () => {
  it('are accepted by the reference implementation', () => {
    const secret = newWebhookSecret();
    const headers = webhookHeaders({ id: ID, timestamp: now(), body: BODY }, { secrets: [secret] });
    expect(new Webhook(secret).verify(BODY.toString(), headers)).toEqual(JSON.parse(BODY.toString()));
  });

  it('equal those of the reference implementation', () => {
    const secret = newWebhookSecret();
    const timestamp = now();
    const theirs = new Webhook(secret).sign(ID, new Date(timestamp * 1_000), BODY.toString());
    expect(signWebhook({ id: ID, timestamp, body: BODY }, [secret])).toBe(theirs);
  });

  it('during a rotation are accepted under either secret, and under no third', () => {
    const [current, previous] = [newWebhookSecret(), newWebhookSecret()];
    const headers = webhookHeaders(
      { id: ID, timestamp: now(), body: BODY },
      { secrets: [current, previous] },
    );
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    for (const secret of [current, previous]) {
      expect(() => new Webhook(secret).verify(BODY.toString(), headers)).not.toThrow();
    }
    expect(() => new Webhook(newWebhookSecret()).verify(BODY.toString(), headers)).toThrow();
  });

  it('cover id, timestamp and every byte of the body', () => {
    const secret = newWebhookSecret();
    const message = { id: ID, timestamp: 1_700_000_000, body: BODY };
    const altered = Buffer.from(BODY);
    altered[BODY.length - 1] = (altered[BODY.length - 1] as number) ^ 1;
    const signatures = [
      message,
      { ...message, id: `${ID}a` },
      { ...message, timestamp: 1_700_000_001 },
      { ...message, body: altered },
    ].map((one) => signWebhook(one, [secret]));
    expect(new Set(signatures).size).toBe(4);
  });

  it('sign bytes that are not UTF-8 as they are', () => {
    const secret = newWebhookSecret();
    const body = Buffer.from([0xff, 0x00, 0xfe]);
    const expected = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(Buffer.concat([Buffer.from(`${ID}.1700000000.`), body]))
      .digest('base64');
    expect(signWebhook({ id: ID, timestamp: 1_700_000_000, body }, [secret])).toBe(`v1,${expected}`);
  });

  it.each([
    ['an id with a dot', { id: 'evt.1', timestamp: 1_700_000_000, body: BODY }],
    ['an empty id', { id: '', timestamp: 1_700_000_000, body: BODY }],
    ['an id with a line break', { id: 'evt\n', timestamp: 1_700_000_000, body: BODY }],
    ['a timestamp with a fraction', { id: ID, timestamp: 1.5, body: BODY }],
    ['a timestamp that is no number', { id: ID, timestamp: Number.NaN, body: BODY }],
  ])('are refused for %s', (_what, message) => {
    expect(() => signWebhook(message, [newWebhookSecret()])).toThrow(
      expect.objectContaining({ code: 'internal_error' }),
    );
  });

  it('are refused without a secret', () => {
    expect(() => signWebhook({ id: ID, timestamp: 1_700_000_000, body: BODY }, [])).toThrow(
      expect.objectContaining({ code: 'internal_error' }),
    );
  });
});

describe('secrets', () => {
  it('are whsec_ and 32 random bytes', () => {
    const secrets = Array.from({ length: 50 }, newWebhookSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) expect(decodeWebhookSecret(secret)).toHaveLength(32);
  });

  it.each([24, 64])('of %i bytes are accepted', (bytes) => {
    const key = randomBytes(bytes);
    expect(decodeWebhookSecret(`whsec_${key.toString('base64')}`).equals(key)).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['empty after the prefix', 'whsec_'],
    ['23 bytes', `whsec_${randomBytes(23).toString('base64')}`],
    ['65 bytes', `whsec_${randomBytes(65).toString('base64')}`],
    ['without prefix', randomBytes(32).toString('base64')],
    ['unpadded', `whsec_${randomBytes(32).toString('base64').replace('=', '')}`],
    ['with spaces', `whsec_ ${randomBytes(32).toString('base64')}`],
    ['base64url', `whsec_${Buffer.alloc(32, 0xfb).toString('base64url')}=`],
  ])('that are %s are refused, and the message does not repeat them', (_what, secret) => {
    expect(() => decodeWebhookSecret(secret)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => decodeWebhookSecret(secret)).not.toThrow(secret.slice(6) || 'impossible');
  });
});
