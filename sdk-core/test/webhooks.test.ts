import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { memorySessionStore } from '../src/index.ts';
import { SID, USER_REF } from '../testing/index.ts';
import { codeOf, signedIn, useTestSite, WEBHOOK_SECRET } from './support/site.ts';

const { core, clock, create } = useTestSite();
const OTHER_SECRET = `whsec_${btoa('fedcba9876543210fedcba9876543210')}`;

function eventBody(
  type = 'access.revoked',
  data: object = { user_ref: USER_REF, reason: 'signed_out' },
): string {
  return JSON.stringify({ type, timestamp: clock.clock().toISOString(), data });
}

interface Signing {
  id?: string;
  timestamp?: string;
  secret?: string;
}

function sign(
  body: string,
  { id = 'evt_1', timestamp = String(clock.seconds), secret = WEBHOOK_SECRET }: Signing = {},
) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

const verify = (headers: Record<string, string | string[] | undefined>, body: string) =>
  create().verifyWebhook({ headers, body: new TextEncoder().encode(body) });

describe('a webhook', () => {
  it('with a fitting signature gives a typed event', async () => {
    const body = eventBody('session.revoked', { user_ref: USER_REF, sid: SID, reason: 'signed_out' });
    const event = await verify(sign(body), body);
    expect(event).toMatchObject({ id: 'evt_1', type: 'session.revoked', data: { sid: SID } });
    if (event.type === 'session.revoked') expect(event.data.sid).toBe(SID);
  });

  it('signed by the reference library is accepted, from a Headers object and as text too', async () => {
    const body = eventBody();
    const signature = new Webhook(WEBHOOK_SECRET).sign('msg_2', clock.clock(), body);
    const headers = new Headers({
      'Webhook-Id': 'msg_2',
      'Webhook-Timestamp': String(clock.seconds),
      'Webhook-Signature': signature,
    });
    expect((await create().verifyWebhook({ headers, body })).id).toBe('msg_2');
  });

  it('is accepted with headers of another package, which are not of our class', async () => {
    const body = eventBody();
    const known = new Map(Object.entries(sign(body)));
    const headers = { get: (name: string) => known.get(name) ?? null } as Headers;
    expect((await create().verifyWebhook({ headers, body })).id).toBe('evt_1');
  });

  it('is accepted under any of several secrets, and with several signatures, during a rotation', async () => {
    const body = eventBody();
    const rotated = create({ webhookSecret: [OTHER_SECRET, WEBHOOK_SECRET] });
    expect((await rotated.verifyWebhook({ headers: sign(body), body })).type).toBe('access.revoked');
    const old = sign(body, { secret: OTHER_SECRET })['webhook-signature'];
    const both = { ...sign(body), 'webhook-signature': `${old} v1a,AAAA ${sign(body)['webhook-signature']}` };
    expect((await verify(both, body)).type).toBe('access.revoked');
  });

  it('of a type that is not known yet is given as unknown', async () => {
    const body = eventBody('consent.renewed', { user_ref: USER_REF });
    expect(await verify(sign(body), body)).toMatchObject({
      type: 'unknown',
      originalType: 'consent.renewed',
    });
  });

  it('with a byte more of body is refused', async () => {
    const body = eventBody();
    expect(await codeOf(verify(sign(body), `${body} `))).toBe('webhook_signature_invalid');
    const reserialised = JSON.stringify(JSON.parse(`${body.slice(0, -1)},"n":1.0}`));
    expect(await codeOf(verify(sign(`${body.slice(0, -1)},"n":1.0}`), reserialised))).toBe(
      'webhook_signature_invalid',
    );
  });

  it.each([
    ['another secret', () => sign(eventBody(), { secret: OTHER_SECRET })],
    ['another id', () => ({ ...sign(eventBody()), 'webhook-id': 'evt_2' })],
    ['another timestamp', () => ({ ...sign(eventBody()), 'webhook-timestamp': String(clock.seconds + 1) })],
    ['an unknown version', () => versioned((signature) => signature.replace('v1,', 'v2,'))],
    ['the version of other keys', () => versioned((signature) => signature.replace('v1,', 'v1a,'))],
    ['a cut signature', () => versioned((signature) => signature.slice(0, -5))],
    [
      'stray bits in the signature',
      () => versioned((signature) => signature.replace(/.=$/, (end) => strayBits(end))),
    ],
    ['no version', () => versioned((signature) => signature.slice(3))],
    [
      '17 signatures, the last one right',
      () => versioned((signature) => `${'v1,AAAA '.repeat(16)}${signature}`),
    ],
    ['100,000 signatures', () => versioned((signature) => `${'v1,AAAA '.repeat(100_000)}${signature}`)],
  ])('with %s is refused', async (_, headers) => {
    expect(await codeOf(verify(headers(), eventBody()))).toBe('webhook_signature_invalid');
  });

  function versioned(change: (signature: string) => string) {
    const headers = sign(eventBody());
    return { ...headers, 'webhook-signature': change(headers['webhook-signature']) };
  }

  function strayBits(end: string): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    return `${alphabet[alphabet.indexOf(end.charAt(0)) ^ 1]}=`;
  }

  it.each([-301, 301, -86_400])('signed %i seconds off is refused', async (offset) => {
    const body = eventBody();
    const headers = sign(body, { timestamp: String(clock.seconds + offset) });
    expect(await codeOf(verify(headers, body))).toBe('webhook_timestamp_invalid');
  });

  it.each([-300, 300])('signed %i seconds off is accepted', async (offset) => {
    const body = eventBody();
    expect(await codeOf(verify(sign(body, { timestamp: String(clock.seconds + offset) }), body))).toBe(
      'no error',
    );
  });

  it.each([
    'abc',
    '17672256',
    '1767225600abc',
    ' 1767225600',
    '1767225600.0',
    '-767225600',
    '1.7672256e9',
    '٠١٢٣٤٥٦٧٨٩',
  ])('with the timestamp %j is refused', async (timestamp) => {
    const body = eventBody();
    expect(await codeOf(verify(sign(body, { timestamp }), body))).toBe('webhook_timestamp_invalid');
  });

  it.each(['evt.1', 'evt 1', 'evt_1\n', 'é', 'a'.repeat(129)])('with the id %j is refused', async (id) => {
    const body = eventBody();
    expect(await codeOf(verify(sign(body, { id }), body))).toBe('webhook_headers_missing');
  });

  it('whose parts were shifted is refused: `a.T.BODY` is not the id `a.T`', async () => {
    const body = eventBody();
    const headers = sign(`${clock.seconds}.${body}`, { id: 'evt_1' });
    expect(await codeOf(verify({ ...headers, 'webhook-id': `evt_1.${clock.seconds}` }, body))).toBe(
      'webhook_headers_missing',
    );
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'without %s, or with two, is refused',
    async (name) => {
      const body = eventBody();
      const value = sign(body)[name as 'webhook-id'];
      expect(await codeOf(verify({ ...sign(body), [name]: undefined }, body))).toBe(
        'webhook_headers_missing',
      );
      expect(await codeOf(verify({ ...sign(body), [name]: [value, value] }, body))).toBe(
        'webhook_headers_missing',
      );
    },
  );

  it.each([
    '',
    'null',
    '[]',
    'hello',
    JSON.stringify({ type: 'access.revoked', timestamp: '2026-01-01T00:00:00Z' }),
    JSON.stringify({ type: 'access.revoked', timestamp: 'yesterday', data: {} }),
    JSON.stringify({ type: 'access.revoked', timestamp: '2026-13-01T00:00:00Z', data: {} }),
    JSON.stringify({ type: '__proto__', timestamp: '2026-01-01T00:00:00Z', data: {} }),
    JSON.stringify({ type: 'access.revoked', timestamp: '2026-01-01T00:00:00Z', data: { user_ref: '42' } }),
    JSON.stringify({
      type: 'session.revoked',
      timestamp: '2026-01-01T00:00:00Z',
      data: { user_ref: USER_REF },
    }),
    `{"type":"a","type":"endpoint.test","timestamp":"2026-01-01T00:00:00Z","data":{}}`,
  ])('that is signed but no event is refused: %s', async (body) => {
    expect(await codeOf(verify(sign(body), body))).toBe('webhook_body_invalid');
  });

  it('that was parsed before has lost its signature', async () => {
    const body = eventBody();
    const work = create().verifyWebhook({ headers: sign(body), body: JSON.parse(body) });
    expect(await codeOf(work)).toBe('webhook_body_parsed');
  });

  it('cannot be received without a secret', async () => {
    const { webhookSecret: _, ...options } = { webhookSecret: [] as string[] };
    const body = eventBody();
    expect(
      await codeOf(create({ ...options, webhookSecret: [] }).verifyWebhook({ headers: sign(body), body })),
    ).toBe('config_invalid');
  });

  it('of random bytes is refused, a thousand times', async () => {
    const userref = create();
    for (let count = 0; count < 1000; count += 1) {
      const junk = () => randomBytes(12).toString('latin1');
      const headers = {
        'webhook-id': junk(),
        'webhook-timestamp': junk(),
        'webhook-signature': `v1,${junk()}`,
      };
      expect(await codeOf(userref.verifyWebhook({ headers, body: randomBytes(40) }))).toMatch(/^webhook_/);
    }
  });
});

describe('handling a webhook', () => {
  const handle = (
    userref: ReturnType<typeof create>,
    body: string,
    id = `evt_${Math.random()}`.replace('.', ''),
  ) => userref.handleWebhook({ headers: sign(body, { id }), body });

  it.each(['access.revoked', 'consent.withdrawn', 'subject.restricted', 'subject.erased'])(
    '%s ends every session of the user',
    async (type) => {
      const userref = create();
      const jar = await signedIn(userref, core);
      const more = { reason: 'x', consent_id: 'con_x', attributes: [], purpose: 'x', request_id: 'x' };
      await handle(userref, eventBody(type, { user_ref: USER_REF, ...more }));
      expect((await userref.checkSession(jar.header)).refusal).toBe('session_revoked');
    },
  );

  it.each(['access.revoked', 'session.revoked'])(
    '%s ends sessions for good that were sealed when they lived longer than they do now',
    async (type) => {
      const revocations = memorySessionStore({ clock: clock.clock });
      const before = create({ revocations, sessionTtlSeconds: 604_800 });
      const { header } = await signedIn(before, core);
      const userref = create({ revocations, sessionTtlSeconds: 60 });
      await handle(userref, eventBody(type, { user_ref: USER_REF, sid: SID, reason: 'x' }));
      for (let day = 0; day < 6; day += 1) {
        clock.seconds += 86_400;
        const other = eventBody('access.revoked', { user_ref: `ppid_${'b'.repeat(26)}`, reason: 'x' });
        await handle(userref, other, `evt_day_${day}`);
        expect((await userref.checkSession(header)).refusal).toBe('session_revoked');
      }
    },
  );

  it('session.revoked ends that session', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    await handle(userref, eventBody('session.revoked', { user_ref: USER_REF, sid: 'another', reason: 'x' }));
    expect(await userref.readSession(jar.header)).not.toBeNull();
    await handle(userref, eventBody('session.revoked', { user_ref: USER_REF, sid: SID, reason: 'x' }));
    expect(await userref.readSession(jar.header)).toBeNull();
  });

  it.each([
    'consent.granted',
    'consent.expired',
    'attributes.changed',
    'site.disabled',
    'endpoint.test',
    'new.thing',
  ])('%s ends none', async (type) => {
    const userref = create();
    const jar = await signedIn(userref, core);
    const data = { user_ref: USER_REF, consent_id: 'con_x', attributes: ['contact:email'], purpose: 'x' };
    expect((await handle(userref, eventBody(type, data))).isDuplicate).toBe(false);
    expect(await userref.readSession(jar.header)).not.toBeNull();
  });

  it('a hundred times the same is one event', async () => {
    const userref = create();
    const body = eventBody();
    const all = await Promise.all(Array.from({ length: 100 }, () => handle(userref, body, 'evt_same')));
    expect(all.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
  });

  it('an old event that is replayed does not end a session that began later', async () => {
    const userref = create();
    const body = eventBody();
    await handle(userref, body, 'evt_old');
    clock.seconds += 10;
    const jar = await signedIn(userref, core);
    expect((await handle(userref, body, 'evt_old')).isDuplicate).toBe(true);
    expect(await userref.readSession(jar.header)).not.toBeNull();
  });

  it('that fails half-way is done again at the next delivery', async () => {
    const memory = memorySessionStore({ clock: clock.clock });
    let isAway = true;
    const revocations = {
      ...memory,
      revokeUser: async (...entry: Parameters<typeof memory.revokeUser>) => {
        if (isAway) throw new Error('store away');
        return memory.revokeUser(...entry);
      },
    };
    const userref = create({ revocations });
    const jar = await signedIn(userref, core);
    const body = eventBody();
    await expect(handle(userref, body, 'evt_1')).rejects.toThrow('store away');
    isAway = false;
    expect((await handle(userref, body, 'evt_1')).isDuplicate).toBe(false);
    expect(await userref.readSession(jar.header)).toBeNull();
  });

  it('that is forged changes nothing', async () => {
    const userref = create();
    const jar = await signedIn(userref, core);
    const body = eventBody();
    const forged = { headers: sign(body, { secret: OTHER_SECRET }), body };
    expect(await codeOf(userref.handleWebhook(forged))).toBe('webhook_signature_invalid');
    expect(await userref.readSession(jar.header)).not.toBeNull();
  });
});
