import { inspect } from 'node:util';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ConsentRequiredError, createUserref, memorySessionStore } from '../../src/index.ts';
import { unitSite } from '../support/unit-site.ts';

const next = vi.hoisted(() => ({ headers: null as Headers | null }));
vi.mock('next/headers', () => ({
  headers: async () => {
    if (next.headers === null) throw new Error('NOT_STATIC');
    return next.headers;
  },
}));
vi.mock('next/navigation', () => ({
  redirect: (location: string) => {
    throw new Error(`NEXT_REDIRECT ${location}`);
  },
}));

const { core, options, cookie } = unitSite();
const userref = createUserref(options);
const delivery = { purpose: 'order_delivery', optional: ['contact:email'] };
const address = { locality: 'Sampletown' };

/** What follows is one request with these headers. */
function visitWith(headers: Record<string, string>): void {
  next.headers = new Headers(headers);
}

beforeEach(() => visitWith({}));

describe('before any request', () => {
  it('no option is looked at: a build has no secrets', async () => {
    next.headers = null;
    const source = vi.fn(() => ({}));
    const built = createUserref(source);
    await expect(built.getUser()).rejects.toThrow('NOT_STATIC');
    await expect(built.requireUser()).rejects.toThrow('NOT_STATIC');
    await expect(built.requireConsent(['contact:email'], delivery)).rejects.toThrow('NOT_STATIC');
    await expect(built.fetchAttributes(['contact:email'], delivery)).rejects.toThrow('NOT_STATIC');
    expect(source).not.toHaveBeenCalled();
  });

  it('then wrong options are named, all of them', async () => {
    await expect(createUserref({}).getUser()).rejects.toMatchObject({
      code: 'config_invalid',
      detail: expect.stringMatching(/issuer.*baseUrl.*site.*siteSecret.*sessionSecret/),
    });
    const wrong = createUserref({ ...options, fetch: 'x', protekt: [] } as never);
    await expect(wrong.getUser()).rejects.toMatchObject({ detail: expect.stringMatching(/protekt.*fetch/) });
  });

  it('options that are not given come from the environment', async () => {
    vi.stubEnv('USERREF_ISSUER', core.issuer);
    vi.stubEnv('USERREF_SITE', core.site);
    vi.stubEnv('USERREF_SITE_SECRET', core.siteSecret);
    vi.stubEnv('USERREF_BASE_URL', options.baseUrl);
    vi.stubEnv('USERREF_SESSION_SECRET', options.sessionSecret);
    visitWith({ cookie: await cookie() });
    const own = createUserref({ siteSecret: undefined, webhookSecret: undefined });
    expect((await own.getUser())?.userRef).toBe(core.person.userRef);
  });
});

describe('a server component', () => {
  it('knows who is there, and nobody else', async () => {
    expect(await userref.getUser()).toBeNull();
    visitWith({ cookie: await cookie({ consents: ['profile:name'] }) });
    expect(await userref.getUser()).toMatchObject({
      userRef: core.person.userRef,
      consents: ['profile:name'],
    });
    expect(inspect(await userref.getUser())).not.toContain('at_');
  });

  it('sends a visitor to sign in and back to where the proxy says they are', async () => {
    visitWith({ 'x-userref-page': '/account?tab=2' });
    const path = '/userref/login?return_to=%2Faccount%3Ftab%3D2&started_by=page';
    await expect(userref.requireUser()).rejects.toThrow(`NEXT_REDIRECT ${path}`);
    await expect(userref.requireUser({ returnTo: '/here' })).rejects.toThrow('return_to=%2Fhere&');
    visitWith({ 'x-userref-page': '//evil.example' });
    await expect(userref.requireUser()).rejects.toThrow('return_to=%2F&');
  });

  it('asks for consent once in a visit, and then says what is missing by a digest that reaches error.tsx', async () => {
    const ask = () => userref.requireConsent(['address:shipping'], delivery);
    const path =
      /NEXT_REDIRECT \/userref\/login\?attributes=address%3Ashipping%2Ccontact%3Aemail&purpose=order_delivery/;
    await expect(ask()).rejects.toThrow(path);
    visitWith({ cookie: await cookie() });
    await expect(ask()).rejects.toThrow(path);
    visitWith({ cookie: await cookie({ askedPurposes: { order_delivery: 1 } }) });
    const refused = await ask().catch((error) => error);
    expect(refused).toBeInstanceOf(ConsentRequiredError);
    expect([refused.digest, refused.attributes]).toEqual(['consent_required', ['address:shipping']]);
    visitWith({
      cookie: await cookie({ consents: ['address:shipping'], askedPurposes: { order_delivery: 1 } }),
    });
    expect((await ask()).userRef).toBe(core.person.userRef);
  });

  it('fetches values past every cache', async () => {
    core.consented = { 'address:shipping': address };
    visitWith({ cookie: await cookie() });
    const send = vi.fn((...given: Parameters<typeof fetch>) => fetch(...given));
    const { fetchAttributes } = createUserref({ ...options, fetch: send });
    const shared = await fetchAttributes(['address:shipping'], delivery);
    expect(shared.get('address:shipping')).toEqual(address);
    expect(send.mock.calls.map(([, init]) => init?.cache)).toEqual(['no-store', 'no-store']);
    expect(JSON.stringify(shared)).not.toContain('Sampletown');
  });

  it('takes nobody for signed in while the store is away, and error.tsx learns the code', async () => {
    visitWith({ cookie: await cookie() });
    const revocations = { ...memorySessionStore(), isRevoked: () => Promise.reject(new Error('away')) };
    const away = createUserref({ ...options, revocations });
    for (const ask of [away.getUser, away.requireUser]) {
      await expect(ask()).rejects.toMatchObject({ digest: 'service_unavailable' });
    }
  });

  it('takes a session whose token died for ended, here and in every other copy of the module', async () => {
    const sid = 'sidWhoseTokenDied';
    visitWith({ cookie: await cookie({ sid, accessToken: 'dead' }) });
    await expect(userref.fetchAttributes(['address:shipping'], delivery)).rejects.toMatchObject({
      digest: 'session_revoked',
    });
    expect(await userref.getUser()).toBeNull();
    expect(await createUserref(options).getUser()).toBeNull();
  });
});

describe('<ConsentGate>', () => {
  const gate = (
    children = (shared: { get(name: 'address:shipping'): unknown }) =>
      JSON.stringify(shared.get('address:shipping')),
  ) =>
    userref.ConsentGate({
      names: ['address:shipping'],
      ...delivery,
      returnTo: '/order',
      children,
      fallback: ({ code, askPath, attributes, isTransient }) =>
        `${code} ${attributes} ${isTransient} ${askPath}`,
    });
  const ASK =
    '/userref/login?attributes=address%3Ashipping%2Ccontact%3Aemail&purpose=order_delivery&return_to=%2Forder';

  it('shows what the cell released for this request', async () => {
    core.consented = { 'address:shipping': address };
    visitWith({ cookie: await cookie() });
    expect(await gate()).toBe('{"locality":"Sampletown"}');
  });

  it('stays closed without consent, whatever the session remembers, and never calls its children', async () => {
    visitWith({
      cookie: await cookie({ consents: ['address:shipping'], askedPurposes: { order_delivery: 1 } }),
    });
    const children = vi.fn();
    expect(await gate(children)).toBe(`consent_required address:shipping false ${ASK}`);
    expect(children).not.toHaveBeenCalled();
  });

  it('stays closed for nobody, and while the cell is away', async () => {
    expect(await gate()).toBe(`not_signed_in address:shipping false ${ASK}`);
    visitWith({ cookie: await cookie() });
    core.bends.replies.attributes = () => new Response('', { status: 503 });
    expect(await gate()).toBe(`attributes_unavailable address:shipping true ${ASK}`);
  });

  it('shows nothing by default, and passes mistakes of the site on', async () => {
    const quiet = { names: ['address:shipping'], purpose: 'order_delivery', children: () => 'shown' };
    expect(await userref.ConsentGate(quiet)).toBeNull();
    expect(await userref.ConsentGate({ ...quiet, fallback: 'closed' })).toBe('closed');
    visitWith({ cookie: await cookie() });
    await expect(userref.ConsentGate({ ...quiet, names: [] as string[] })).rejects.toMatchObject({
      code: 'unknown_attribute',
    });
  });
});
