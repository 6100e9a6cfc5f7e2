import { inspect } from 'node:util';
import { HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConsentRequiredError } from '../src/index.ts';
import type { Session } from '../src/session/session.ts';
import { ACCESS_TOKEN, problem } from '../testing/index.ts';
import { codeOf, signedIn, useTestSite } from './support/site.ts';

const { core, create } = useTestSite();
const userref = create();
const address = { street_address: '1 Canary Lane', locality: 'Sampletown', country: 'EE' };
const ask = { purpose: 'order_delivery' };
let session: Session;

beforeEach(async () => {
  core.consented = { 'address:shipping': address, 'contact:phone': null };
  session = (await userref.readSession((await signedIn(userref, core)).header)) as Session;
});

describe('fetching attributes', () => {
  it('gives what the person agreed to share', async () => {
    const attributes = await userref.fetchAttributes(session, ['address:shipping', 'contact:phone'], ask);
    expect(attributes.get('address:shipping')?.street_address).toBe('1 Canary Lane');
    expect(attributes.get('contact:phone')).toBeNull();
    expect(attributes.names).toEqual(['address:shipping', 'contact:phone']);
    const [call] = core.callsTo('attributes');
    expect(call?.request.headers.get('authorization')).toBe(`Bearer ${ACCESS_TOKEN}`);
    expect(new URL(call?.request.url ?? '').search).toBe(
      '?names=address%3Ashipping%2Ccontact%3Aphone&purpose=order_delivery',
    );
  });

  it('gives values that appear in no log, JSON or text, and cannot be changed', async () => {
    const attributes = await userref.fetchAttributes(session, ['address:shipping'], ask);
    const shown = [
      inspect(attributes),
      inspect({ order: attributes }, { depth: 9, showHidden: true }),
      JSON.stringify({ attributes }),
      String(attributes),
      `${attributes}`,
      JSON.stringify({ ...attributes }),
      JSON.stringify(structuredClone({ ...attributes })),
    ];
    for (const text of shown) expect(text).not.toContain('Canary');
    expect(JSON.stringify(attributes)).toBe('{"address:shipping":"[redacted]"}');
    expect(inspect(attributes)).toBe('Attributes(address:shipping)');
    expect(() => Object.assign(attributes.get('address:shipping') ?? {}, { locality: 'x' })).toThrow(
      TypeError,
    );
  });

  it('freezes what is nested a hundred thousand levels deep', async () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    core.bends.replies.attributes = () => new Response(`{"attributes":{"profile:name":${nested}}}`);
    const fetched = await userref.fetchAttributes(session, ['profile:name'], ask);
    expect(Object.isFrozen(fetched.get('profile:name'))).toBe(true);
  });

  it('has no value for a name that was not fetched', async () => {
    const attributes = await userref.fetchAttributes(session, ['address:shipping'], ask);
    expect(() => attributes.get('contact:email' as never)).toThrow(
      expect.objectContaining({ code: 'unknown_attribute' }),
    );
    expect(() => attributes.get('__proto__' as never)).toThrow();
  });

  it('says which consent is missing, for which purpose', async () => {
    const names = ['address:shipping', 'contact:email'] as const;
    const error = await userref.fetchAttributes(session, names, ask).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConsentRequiredError);
    expect(error).toMatchObject({
      code: 'consent_required',
      attributes: ['contact:email'],
      purpose: 'order_delivery',
      isTransient: false,
      requestId: 'req-1',
      helpUrl: 'https://userref.dev/errors/consent_required',
    });
  });

  it('says when a consent has expired', async () => {
    core.bends.replies.attributes = () =>
      problem('consent_expired', 403, { attributes: ['address:shipping'] });
    await expect(userref.fetchAttributes(session, ['address:shipping'], ask)).rejects.toMatchObject({
      code: 'consent_expired',
      attributes: ['address:shipping'],
    });
  });

  it.each([
    ['session_revoked', false, () => problem('invalid_token', 401)],
    ['session_revoked', false, () => new HttpResponse(null, { status: 401 })],
    ['insufficient_user_authentication', false, () => problem('insufficient_user_authentication', 401)],
    ['processing_restricted', false, () => problem('processing_restricted', 403)],
    ['unknown_purpose', false, () => problem('unknown_purpose', 400)],
    ['unknown_attribute', false, () => problem('unknown_attribute', 400)],
    ['rate_limited', true, () => problem('rate_limited', 429)],
    ['rate_limited', true, () => new HttpResponse('slow down', { status: 429 })],
    ['service_unavailable', true, () => problem('service_unavailable', 503)],
    ['attributes_unavailable', true, () => new HttpResponse('<h1>Bad gateway</h1>', { status: 502 })],
    ['attributes_unavailable', false, () => problem('integrity_error', 403)],
    ['attributes_unavailable', false, () => problem('__proto__', 404)],
    ['attributes_unavailable', false, () => HttpResponse.json({ attributes: {} })],
    ['attributes_unavailable', false, () => HttpResponse.json({ attributes: { 'contact:email': 'x' } })],
    ['attributes_unavailable', false, () => HttpResponse.json({ attributes: [] })],
    ['attributes_unavailable', false, () => HttpResponse.json([])],
    ['attributes_unavailable', false, () => HttpResponse.text('hello')],
    ['network_failed', true, () => HttpResponse.error()],
    ['network_failed', true, () => HttpResponse.text('x'.repeat(300_000))],
  ])('turns a refusal into %s (transient: %s)', async (code, isTransient, reply) => {
    core.bends.replies.attributes = reply;
    const work = userref.fetchAttributes(session, ['address:shipping'], ask);
    await expect(work).rejects.toMatchObject({ code, isTransient });
  });

  it('does not follow a redirect with the token', async () => {
    core.bends.replies.attributes = () => HttpResponse.redirect('https://evil.example/', 302);
    expect(await codeOf(userref.fetchAttributes(session, ['address:shipping'], ask))).toBe(
      'attributes_unavailable',
    );
  });

  it('takes no words of the cell into an error', async () => {
    core.bends.replies.attributes = () =>
      problem('whatever', 500, { detail: '1 Canary Lane', title: 'Canary' });
    const error = await userref.fetchAttributes(session, ['address:shipping'], ask).catch((thrown) => thrown);
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain('Canary');
  });

  it.each([
    ['unknown_attribute', [], 'order_delivery'],
    ['unknown_attribute', ['contact:email', 'contact:email'], 'order_delivery'],
    ['unknown_attribute', ['*'], 'order_delivery'],
    ['unknown_attribute', 'contact:email' as unknown as string[], 'order_delivery'],
    ['unknown_attribute', ['contact:email&purpose=x'], 'order_delivery'],
    ['purpose_required', ['contact:email'], ''],
    ['purpose_required', ['contact:email'], undefined],
    ['unknown_purpose', ['contact:email'], 'order delivery'],
  ])('refuses with %s before asking the cell: %j for %j', async (code, names, purpose) => {
    const work = userref.fetchAttributes(session, names, { purpose: purpose as string });
    expect(await codeOf(work)).toBe(code);
    expect(core.callsTo('attributes')).toHaveLength(0);
  });
});
