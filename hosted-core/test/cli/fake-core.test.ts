import { createUserref, type Session } from '@userref/sdk-core';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type CoreUnderTest, emulatorUnderTest, fakeCoreUnderTest } from '../support/two-cores.ts';

/**
 * The fake core of `@userref/sdk-core/testing` is what sites test against, so it must answer as the real one does:
 * the same questions go to both, and whatever a site can tell of the answers is compared.
 */
const real = await emulatorUnderTest(inject('emulatorFolder'), { cell: inject('emulator').cell });
const fake = fakeCoreUnderTest();
const SHARED = ['address:shipping'];
const purpose = 'order_delivery';

interface Visited {
  readonly session: Session;
  readonly callback: URL;
}
const visited = new Map<CoreUnderTest, Visited>();

async function visitorOf(side: CoreUnderTest): Promise<Visited> {
  const userref = createUserref(side.options);
  const { url, setCookies } = await userref.startLogin({ attributes: SHARED, purpose });
  const cookieHeader = setCookies.map((line) => line.split(';')[0]).join('; ');
  const callback = await side.signIn(url, SHARED);
  return { callback, session: (await userref.finishLogin({ url: callback.href, cookieHeader })).session };
}

beforeAll(async () => {
  for (const side of [fake, real]) visited.set(side, await visitorOf(side));
});

/** What both answer to one question. */
async function both<T>(
  ask: (side: CoreUnderTest, visit: Visited) => Promise<T>,
): Promise<[fake: T, real: T]> {
  const answers = [];
  for (const side of [fake, real]) answers.push(await ask(side, visited.get(side) as Visited));
  return answers as [T, T];
}

const asSite = ({ options }: CoreUnderTest, secret = options.siteSecret) => ({
  authorization: `Basic ${btoa(`${options.site}:${encodeURIComponent(secret)}`)}`,
});

/** Of an answer what a program can go by: not texts, not ids. */
async function factsOf(response: Response, { cell }: CoreUnderTest) {
  const text = await response.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const { code, error, status, retryable, type } = body;
  return {
    status: response.status,
    type: response.headers.get('content-type')?.split(';')[0],
    store: response.headers.get('cache-control'),
    challenge: response.headers.get('www-authenticate')?.replaceAll(cell, 'CELL'),
    // Where the site has an address that starts logins, the real one names it.
    members: Object.keys(body)
      .filter((name) => name !== 'consent_url')
      .sort(),
    facts: { code, error, status, retryable, type },
  };
}

describe('the discovery document', () => {
  it('of the fake core says nothing that the real one does not say', async () => {
    const documents = await both(async ({ options: { issuer }, cell, fetch }) => {
      const text = await (await fetch(`${issuer}/.well-known/openid-configuration`)).text();
      return JSON.parse(text.replaceAll(issuer, 'CORE').replaceAll(cell, 'CELL'));
    });
    const [ofFake, ofReal] = documents;
    for (const [name, value] of Object.entries(ofFake)) {
      if (Array.isArray(value)) expect([name, ofReal[name]]).toEqual([name, expect.arrayContaining(value)]);
      else expect([name, typeof ofReal[name]]).toEqual([name, typeof value]);
    }
    expect(ofFake.protected_resources).toEqual(ofReal.protected_resources);
  });
});

describe('a login', () => {
  it('comes back with the same parameters', async () => {
    const [ofFake, ofReal] = await both(async (_, { callback }) => [...callback.searchParams.keys()].sort());
    expect(ofFake).toEqual(ofReal);
  });

  it('gives a token response and a passport of the same members and types', async () => {
    const shapes = await both(async (side) => {
      const answer = await exchange(side);
      const tokens = (await answer.json()) as Record<string, unknown>;
      const passport = String(tokens['id_token']);
      const { passport: inner, ...claims } = decodeJwt(passport) as Record<string, unknown>;
      return {
        ...{ status: answer.status, header: Object.keys(decodeProtectedHeader(passport)).sort() },
        ...{ tokens: typesOf(tokens), claims: typesOf(claims), inner: typesOf(inner as object) },
      };
    });
    expect(shapes[0]).toEqual(shapes[1]);
  });

  it('gives a passport whose status list is of the same form, and says that it holds', async () => {
    const [ofFake, ofReal] = await both(async (side) => {
      const tokens = (await (await exchange(side)).json()) as { id_token: string };
      const userref = createUserref(side.options);
      const { status } = decodeJwt(tokens.id_token) as { status: { status_list: { uri: string } } };
      const list = await userref.fetchStatusList(status.status_list.uri);
      const passport = await userref.verifyPassport(tokens.id_token, { status: { lists: list } });
      const { status_list: inner, ...claims } = decodeJwt(list) as Record<string, unknown>;
      const header = Object.keys(decodeProtectedHeader(list)).sort();
      return [typesOf(passport), header, typesOf(claims), Object.keys(inner as object).sort()];
    });
    expect(ofFake).toEqual(ofReal);
  });

  it.each([
    ['with another verifier', { code_verifier: 'x'.repeat(43) }, undefined],
    ['with an unknown code', { code: 'never-given' }, undefined],
    ['for another redirect address', { redirect_uri: 'http://localhost:3000/elsewhere' }, undefined],
    ['for another cell', { resource: 'https://elsewhere.example' }, undefined],
    ['by another secret', {}, 'guessed'],
  ])('is refused %s by the same error', async (_, change, secret) => {
    const [ofFake, ofReal] = await both(async (side) => {
      return refusalOf(await exchange(side, { change, ...(secret && { secret }) }));
    });
    expect(ofFake).toEqual(ofReal);
  });

  it('is finished once', async () => {
    const [ofFake, ofReal] = await both(async (side) => {
      const answers = await exchangeTwice(side);
      return [answers[0]?.status, await refusalOf(answers[1])];
    });
    expect(ofFake).toEqual(ofReal);
  });

  it.each([
    ['by another secret', {}, 'guessed'],
    ['without PKCE', { code_challenge: '' }, undefined],
    [
      'for a redirect address that nobody registered',
      { redirect_uri: 'https://elsewhere.example/' },
      undefined,
    ],
  ])('cannot be asked for %s', async (_, change, secret) => {
    const [ofFake, ofReal] = await both(async (side) => {
      return refusalOf(await push(side, { change, ...(secret && { secret }) }));
    });
    expect(ofFake).toEqual(ofReal);
  });
});

describe('attributes', () => {
  const ask = (query: string, given?: string) =>
    both(async (side, { session }) => {
      const { cell, fetch } = side;
      const headers = { authorization: `Bearer ${given ?? session.accessToken}` };
      return factsOf(await fetch(`${cell}/v1/attributes?${query}`, { headers }), side);
    });

  it.each([
    ['that are shared', `names=address:shipping&purpose=${purpose}`],
    ['that are not shared', `names=contact:email&purpose=${purpose}`],
    ['of which one is not shared', `names=address:shipping,contact:email&purpose=${purpose}`],
    ['that nobody knows', `names=shop:unknown&purpose=${purpose}`],
    ['without a name', `purpose=${purpose}`],
    ['without a purpose', 'names=address:shipping'],
    ['for an unknown purpose', 'names=address:shipping&purpose=advertising'],
    ['named twice', `names=address:shipping,address:shipping&purpose=${purpose}`],
  ])('%s', async (_, query) => {
    const [ofFake, ofReal] = await ask(query);
    expect(ofFake).toEqual(ofReal);
  });

  it('for a token that is none', async () => {
    const [ofFake, ofReal] = await ask(`names=address:shipping&purpose=${purpose}`, 'guessed');
    expect(ofFake).toEqual(ofReal);
  });
});

describe('the feed of events', () => {
  it('has pages and events of the same members', async () => {
    const [ofFake, ofReal] = await both(async (side) => {
      await side.publish();
      const answer = await side.fetch(`${side.options.issuer}/v1/events`, { headers: asSite(side) });
      const page = (await answer.json()) as { events: object[] };
      return [answer.status, typesOf(page), typesOf(page.events.at(-1) ?? {})];
    });
    expect(ofFake).toEqual(ofReal);
  });

  it.each(['?after=x', '?after=-1', '?since=yesterday', '?since=2026-11-22T08:00:00Z&after=0', '?before=1'])(
    'refuses %s in the same way',
    async (query) => {
      const [ofFake, ofReal] = await both(async (side) =>
        factsOf(
          await side.fetch(`${side.options.issuer}/v1/events${query}`, { headers: asSite(side) }),
          side,
        ),
      );
      expect(ofFake).toEqual(ofReal);
    },
  );

  it('begins again for a cursor from beyond its end', async () => {
    const [ofFake, ofReal] = await both(async (side) => {
      await side.publish();
      const read = async (query: string) => {
        const answer = await side.fetch(`${side.options.issuer}/v1/events${query}`, {
          headers: asSite(side),
        });
        return (await answer.json()) as { events: { id: string }[]; next: string; more: boolean };
      };
      const before = await read('');
      const ahead = BigInt(before.next) + 7n;
      const again = await read(`?after=${ahead}`);
      const isSame = again.events.map(({ id }) => id).join() === before.events.map(({ id }) => id).join();
      return [isSame, String(BigInt(again.next) - ahead - BigInt(before.next)), again.more];
    });
    expect(ofFake).toEqual([true, '0', false]);
    expect(ofReal).toEqual(ofFake);
  });

  it('is for the site alone', async () => {
    const [ofFake, ofReal] = await both(async (side) =>
      factsOf(
        await side.fetch(`${side.options.issuer}/v1/events`, { headers: asSite(side, 'guessed') }),
        side,
      ),
    );
    expect(ofFake).toEqual(ofReal);
  });

  it('takes an acknowledgement that is signed, for an event that it has', async () => {
    const [ofFake, ofReal] = await both(async (side) => {
      const userref = createUserref(side.options);
      const { events } = await userref.fetchEvents();
      const unknown = await userref.confirmPurge(`evt_${'z'.repeat(26)}`).catch(({ code }) => code);
      const url = `${side.options.issuer}/v1/events/${events.at(-1)?.id}/ack`;
      const headers = { ...asSite(side), 'content-type': 'application/json' };
      const body = '{"status":"purged"}';
      return [unknown, await factsOf(await side.fetch(url, { method: 'POST', headers, body }), side)];
    });
    expect(ofFake).toEqual(ofReal);
  });
});

function typesOf(value: object): Record<string, string> {
  const types = Object.entries(value).map(([name, one]) => [name, Array.isArray(one) ? 'array' : typeof one]);
  return Object.fromEntries(types.sort());
}

async function endpointOf({ options, fetch }: CoreUnderTest, name: string): Promise<string> {
  const document = await fetch(`${options.issuer}/.well-known/openid-configuration`);
  return ((await document.json()) as Record<string, string>)[name] ?? '';
}

/** The error of an OAuth endpoint, with its status. */
async function refusalOf(answer: Response | undefined): Promise<[number | undefined, string]> {
  const body = (await answer?.json()) as { error: string };
  return [answer?.status, body.error];
}

interface Change {
  readonly change?: Record<string, string>;
  readonly secret?: string;
}

const VERIFIER = 'v'.repeat(64);

/** A pushed request as the SDK makes it (RFC 9126), or with something else in it; an empty value leaves it out. */
async function push(side: CoreUnderTest, { change = {}, secret }: Change = {}): Promise<Response> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(VERIFIER));
  const parameters = {
    ...{ client_id: side.options.site, response_type: 'code', scope: 'openid', state: 'st', nonce: 'no' },
    redirect_uri: `${side.options.baseUrl}/userref/callback`,
    resource: side.cell,
    code_challenge: Buffer.from(digest).toString('base64url'),
    code_challenge_method: 'S256',
    ...change,
  };
  const body = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  const headers = asSite(side, secret ?? side.options.siteSecret);
  const url = await endpointOf(side, 'pushed_authorization_request_endpoint');
  return side.fetch(url, { method: 'POST', headers, body });
}

async function codeOf(side: CoreUnderTest): Promise<string> {
  const { request_uri: uri } = (await (await push(side)).json()) as { request_uri: string };
  const query = new URLSearchParams({ client_id: side.options.site, request_uri: uri });
  const authorize = await endpointOf(side, 'authorization_endpoint');
  return (await side.signIn(`${authorize}?${query}`)).searchParams.get('code') ?? '';
}

async function redeem(side: CoreUnderTest, code: string, { change = {}, secret }: Change = {}) {
  const body = new URLSearchParams({
    ...{ grant_type: 'authorization_code', code, code_verifier: VERIFIER, resource: side.cell },
    redirect_uri: `${side.options.baseUrl}/userref/callback`,
    ...change,
  });
  const headers = asSite(side, secret ?? side.options.siteSecret);
  return side.fetch(await endpointOf(side, 'token_endpoint'), { method: 'POST', headers, body });
}

const exchange = async (side: CoreUnderTest, change: Change = {}) => redeem(side, await codeOf(side), change);

async function exchangeTwice(side: CoreUnderTest): Promise<Response[]> {
  const code = await codeOf(side);
  return [await redeem(side, code), await redeem(side, code)];
}
