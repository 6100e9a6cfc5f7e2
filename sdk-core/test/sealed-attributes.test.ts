import { inspect } from 'node:util';
import { HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConsentRequiredError, type Userref } from '../src/index.ts';
import type { Session } from '../src/session/session.ts';
import { oauthError, problem, USER_REF } from '../testing/index.ts';
import { codeOf, signedIn, useTestSite } from './support/site.ts';

const { core, clock, create } = useTestSite();
const names = ['address:shipping'] as const;
const address = { street_address: '1 Canary Lane', locality: 'Sampletown', country: 'EE' };
const order = { purpose: 'order_delivery', orderRef: 'order-1' };
const expiresAt = new Date('2026-02-01T00:00:00Z');
const window = { ...order, expiresAt };
let userref: Userref;

beforeEach(() => {
  core.consented = { 'address:shipping': address };
  userref = create();
});

const seal = () => userref.sealAttributes(USER_REF, names, window);

describe('sealed attributes', () => {
  it('are sealed and opened by the site itself, with no signed-in person', async () => {
    const { sealed, expiresAt: until } = await seal();
    expect(until).toEqual(expiresAt);
    expect(sealed).not.toContain('Canary');
    const attributes = await userref.unseal(sealed, order);
    expect(attributes.get('address:shipping')).toEqual(address);
    expect(inspect(attributes) + JSON.stringify(attributes)).not.toContain('Canary');
    const [call] = core.callsTo('seal');
    expect(await call?.request.json()).toEqual({
      ...{ names: ['address:shipping'], purpose: 'order_delivery', order_ref: 'order-1' },
      window: { expires_at: expiresAt.toISOString() },
    });
    const [token] = core.callsTo('token');
    expect(Object.fromEntries(token?.body ?? [])).toEqual({
      grant_type: 'client_credentials',
      resource: core.cell,
    });
  });

  it('open in their window and while there is a consent: at the fake core as at the cell', async () => {
    const day = 86_400;
    const dateIn = (days: number) => new Date((clock.seconds + days * day) * 1000);
    const asked = { ...order, notBefore: dateIn(1), expiresAt: dateIn(3) };
    const { sealed } = await userref.sealAttributes(USER_REF, names, asked);
    expect(await codeOf(userref.unseal(sealed, order))).toBe('sealed_not_open_yet');
    clock.seconds += day;
    core.consented = { 'address:shipping': 'of later' };
    expect((await userref.unseal(sealed, order)).get('address:shipping')).toEqual(address);
    core.consented = {};
    expect(await codeOf(userref.unseal(sealed, order))).toBe('sealed_destroyed');
    core.consented = { 'address:shipping': address };
    clock.seconds += 2 * day;
    expect(await codeOf(userref.unseal(sealed, order))).toBe('sealed_expired');
    for (const expiresAt of [dateIn(0), dateIn(401)]) {
      const sealing = userref.sealAttributes(USER_REF, names, { ...order, expiresAt });
      expect(await codeOf(sealing)).toBe('invalid_request');
    }
    clock.seconds -= 3 * day;
  });

  it('take a session in place of the user_ref', async () => {
    const session = (await userref.readSession((await signedIn(userref, core)).header)) as Session;
    const notBefore = new Date('2026-01-10T00:00:00Z');
    const answer = await userref.sealAttributes(session, names, { ...window, notBefore });
    expect(answer.notBefore).toEqual(notBefore);
  });

  it('ask for one token, however many want one, until it is about to expire', async () => {
    await Promise.all(Array.from({ length: 20 }, seal));
    expect(core.callsTo('token')).toHaveLength(1);
    clock.seconds += 569;
    await seal();
    expect(core.callsTo('token')).toHaveLength(1);
    clock.seconds += 1;
    await Promise.all([seal(), seal()]);
    expect(core.callsTo('token')).toHaveLength(2);
  });

  it('replace a token that died early, once', async () => {
    await seal();
    core.siteToken = 'another';
    expect((await seal()).sealed).toMatch(/^eyJ/);
    expect(core.callsTo('token')).toHaveLength(2);
    core.bends.replies.seal = () => problem('invalid_token', 401);
    expect(await codeOf(seal())).toBe('invalid_token');
    expect(core.callsTo('seal')).toHaveLength(5);
  });

  it('ask for a token again after the core refused one', async () => {
    core.bends.replies.token = () => oauthError('invalid_client', 401);
    await expect(seal()).rejects.toMatchObject({ code: 'token_exchange_failed', isTransient: false });
    core.bends.replies = {};
    expect((await seal()).sealed).toMatch(/^eyJ/);
  });

  it.each([
    ['token_exchange_failed', () => HttpResponse.json({ access_token: 'a b', token_type: 'Bearer' })],
    ['token_exchange_failed', () => HttpResponse.json({ access_token: 'x', token_type: 'DPoP' })],
    ['network_failed', () => HttpResponse.error()],
  ])('without a usable token end with %s', async (code, reply) => {
    core.bends.replies.token = reply;
    expect(await codeOf(seal())).toBe(code);
  });

  it('name the consent that is missing', async () => {
    const error = await userref
      .sealAttributes(USER_REF, ['address:shipping', 'contact:email'], window)
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConsentRequiredError);
    expect(error).toMatchObject({ code: 'consent_required', attributes: ['contact:email'] });
  });

  it.each([
    ['sealed_mismatch', false, () => problem('sealed_mismatch', 403)],
    ['sealed_not_open_yet', true, () => problem('sealed_not_open_yet', 403)],
    ['sealed_expired', false, () => problem('sealed_expired', 410)],
    ['sealed_destroyed', false, () => problem('sealed_destroyed', 410)],
    ['sealed_invalid', false, () => problem('sealed_invalid', 400)],
    ['not_found', false, () => problem('not_found', 404)],
    ['forbidden', false, () => problem('forbidden', 403)],
    ['invalid_request', false, () => problem('invalid_request', 400)],
    ['consent_expired', false, () => problem('consent_expired', 403)],
    ['processing_restricted', false, () => problem('processing_restricted', 403)],
    ['rate_limited', true, () => problem('rate_limited', 429)],
    ['service_unavailable', true, () => problem('service_unavailable', 503)],
    ['attributes_unavailable', true, () => new HttpResponse('<h1>Bad gateway</h1>', { status: 502 })],
    ['attributes_unavailable', false, () => HttpResponse.json({ attributes: [] })],
    ['attributes_unavailable', false, () => HttpResponse.json({ attributes: {} })],
    ['attributes_unavailable', false, () => HttpResponse.json({ attributes: { nonsense: 1 } })],
    ['attributes_unavailable', false, () => problem('csrf_rejected', 403)],
    ['network_failed', true, () => HttpResponse.error()],
  ])('turn an answer to unsealing into %s (transient: %s)', async (code, isTransient, reply) => {
    const { sealed } = await seal();
    core.bends.replies.unseal = reply;
    await expect(userref.unseal(sealed, order)).rejects.toMatchObject({ code, isTransient });
  });

  it.each([
    ['no envelope', { not_before: '2026-01-01T00:00:00Z', expires_at: '2026-02-01T00:00:00Z' }],
    ['something else than an envelope', { sealed: 'x', expires_at: '2026-02-01T00:00:00Z' }],
    ['no window', { sealed: `e30..${'n'.repeat(16)}.c.${'t'.repeat(22)}` }],
  ])('do not pass on %s', async (_what, answer) => {
    core.bends.replies.seal = () => HttpResponse.json(answer, { status: 201 });
    expect(await codeOf(seal())).toBe('attributes_unavailable');
  });

  it('send nothing that cannot be right', async () => {
    const bad = new Date(Number.NaN);
    expect(await codeOf(userref.sealAttributes('amber', names, window))).toBe('not_found');
    expect(await codeOf(userref.sealAttributes(USER_REF, [], window))).toBe('unknown_attribute');
    expect(await codeOf(userref.sealAttributes(USER_REF, names, { ...window, purpose: '' }))).toBe(
      'purpose_required',
    );
    expect(await codeOf(userref.sealAttributes(USER_REF, names, { ...window, expiresAt: bad }))).toBe(
      'invalid_request',
    );
    for (const text of ['', 'x', 'a.b.c.d.e', `${'c'.repeat(100_000)}`, undefined as never])
      expect(await codeOf(userref.unseal(text, order))).toBe('sealed_invalid');
    expect(core.calls).toEqual([]);
  });
});
