import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../support/browser.ts';
import { startCore } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const CALLBACK = 'http://localhost:9/a/callback';
const texts = { en: { title: 'Deliver your order', description: 'To bring you what you ordered.' } };
const purpose = (purposeId: string) => ({ purposeId, version: 1, maxDurationDays: 90, texts });

let database: TestDatabase;
let core: Awaited<ReturnType<typeof startCore>>;
let site: client.Configuration;
const cell = new ScriptedCell();

const detail = (changes: Record<string, unknown> = {}) => ({
  type: 'pii_access',
  actions: ['read'],
  locations: [cell.resource],
  datatypes: ['address:shipping', 'contact:email'],
  purpose: 'order_delivery',
  ...changes,
});

beforeAll(async () => {
  database = await createTestDatabase();
  core = await startCore({ coreUrl: database.coreUrl, cell });
  const { secret } = await core.registerSite({
    siteId: 'shop-a',
    redirectUris: [CALLBACK],
    attributeScopes: ['address:shipping', 'contact:email'],
    purposes: [purpose('order_delivery'), purpose('newsletter')],
  });
  site = await client.discovery(new URL(core.url), 'shop-a', undefined, client.ClientSecretBasic(secret), {
    execute: [client.allowInsecureRequests],
  });
});
afterAll(async () => {
  await core.close();
  await database.drop();
});

async function push(details: unknown, parameters: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const url = await client.buildAuthorizationUrlWithPAR(site, {
    redirect_uri: CALLBACK,
    scope: 'openid',
    state: 's',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    authorization_details: typeof details === 'string' ? details : JSON.stringify(details),
    ...parameters,
  });
  return { url, verifier };
}

async function refusal(details: unknown, parameters: Record<string, string> = {}): Promise<string> {
  const error = await push(details, parameters).catch((thrown: unknown) => thrown);
  return String((error as { error?: string }).error ?? 'accepted');
}

async function agree(details: unknown, granted: string[]) {
  const scripted = cell.script;
  cell.script = (request) => {
    if (request.kind === 'login') return scripted(request);
    const subjectId = request.subjectId ?? '';
    cell.consents.set(`shop-a/${subjectId}`, granted);
    return { result: 'consent_decided', subjectId, granted, denied: [] };
  };
  const { url, verifier } = await push(details);
  const back = await new Browser().open(url.href, { stopAt: 'http://localhost:9/' });
  cell.script = scripted;
  return client.authorizationCodeGrant(site, back.url, { pkceCodeVerifier: verifier, expectedState: 's' });
}

describe('authorization_details of the type pii_access', () => {
  it('is what discovery offers, alone', () => {
    expect(site.serverMetadata().authorization_details_types_supported).toEqual(['pii_access']);
  });

  it.each([
    ['of an unknown type', [{ type: 'payment', actions: ['read'] }]],
    ['with a member that is not known', [detail({ retention: 'P30D' })]],
    ['with another action', [detail({ actions: ['write'] })]],
    ['with two actions', [detail({ actions: ['read', 'read'] })]],
    ['without a location', [detail({ locations: undefined })]],
    ['at another place', [detail({ locations: ['https://cell.evil.test'] })]],
    ['of a datatype that the site is not registered for', [detail({ datatypes: ['contact:phone'] })]],
    ['of a datatype that is a number', [detail({ datatypes: [1] })]],
    ['of nothing', [detail({ datatypes: [] })]],
    ['of a datatype twice', [detail({ datatypes: ['contact:email', 'contact:email'] })]],
    ['for an unknown purpose', [detail({ purpose: 'advertising' })]],
    ['without a purpose', [detail({ purpose: undefined })]],
    ['for two purposes', [detail(), detail({ purpose: 'newsletter' })]],
    ['that is no list', detail()],
    ['that is no JSON', '[{'],
    ['with a prototype', '[{"type":"__proto__"}]'],
  ])('is refused %s', async (_what, details) => {
    expect(await refusal(details)).toBe('invalid_authorization_details');
  });

  it('is refused for another purpose than the scope is for', async () => {
    const parameters = { scope: 'openid contact:email', purpose: 'newsletter' };
    expect(await refusal([detail()], parameters)).toBe('invalid_authorization_details');
  });

  it('asks the person for the same attributes and purpose, and shows the request in its own words', async () => {
    await agree([detail()], ['address:shipping']);
    expect(cell.requests.at(-1)).toMatchObject({
      kind: 'consent',
      ask: {
        attributes: ['address:shipping', 'contact:email'],
        purpose: { purposeId: 'order_delivery' },
        authorizationDetails: [detail()],
      },
    });
  });

  it('comes back in the token response and in introspection, never more than the person agreed to', async () => {
    const tokens = await agree([detail()], ['address:shipping']);
    const granted = [detail({ datatypes: ['address:shipping'] })];
    expect(tokens.authorization_details).toEqual(granted);
    const seen = await client.tokenIntrospection(site, tokens.access_token);
    expect(seen.authorization_details).toEqual(granted);
  });

  it('leaves introspection when the consent has ended', async () => {
    const tokens = await agree([detail()], ['address:shipping']);
    cell.consents.clear();
    const seen = await client.tokenIntrospection(site, tokens.access_token);
    expect([seen.active, seen.authorization_details]).toEqual([true, undefined]);
  });

  it('is absent from the response when nothing was agreed to, and the login succeeds', async () => {
    const tokens = await agree([detail()], []);
    expect(tokens.authorization_details).toBeUndefined();
    expect(tokens.claims()?.sub).toMatch(/^ppid_/);
  });
});

describe('prompt=select_account', () => {
  it('shows the choice at the cell to somebody who is known in this browser, and to nobody without it', async () => {
    const browser = new Browser();
    const open = async (parameters: Record<string, string>) => {
      const { url } = await push('[]', parameters);
      await browser.open(url.href, { stopAt: 'http://localhost:9/' });
    };
    await open({});
    const before = cell.requests.length;
    await open({});
    expect(cell.requests.length).toBe(before);
    await open({ prompt: 'select_account' });
    expect(cell.requests.slice(before)).toMatchObject([{ kind: 'login', chooseAccount: true }]);
  });
});
