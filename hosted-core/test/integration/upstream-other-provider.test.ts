import { afterEach, describe, expect, it } from 'vitest';
import { OwnAttributes } from '../../src/cell/attributes/own-attributes.ts';
import { ReadAudit } from '../../src/cell/attributes/read-audit.ts';
import { check } from '../../src/cell/upstream/set-up/logto-desk.ts';
import { openVault } from '../../src/cell/vault/open-vault.ts';
import { Browser, type LogtoCell, signInThere, startLogtoCell } from '../support/logto-cell.ts';
import { type OtherProviderOptions, startOtherProvider } from '../support/other-provider.ts';
import { csrfOf, post, TENANT } from '../support/running-cell.ts';

const PERSON = {
  'https://claims.example.test/person': { display_name: 'Sample Person', mail: 'sample@example.test' },
  ...{ phone_number: '+44 20 7946 0171', email: 'not-this-one@example.test', locale: 'en_GB' },
  ...{ address: 'Sample Street 1', updated_at: '2026-01-01T00:00:00Z', email_verified: 'yes' },
  documents: { country: 'DE' },
};
const MAPPING = [
  'contact:email=https://claims\\.example\\.test/person.mail',
  'profile:name=https://claims\\.example\\.test/person.display_name',
  'profile:citizenship=documents.country',
  'profile:given_name=no.such.claim',
].join(',');

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(wish: Partial<OtherProviderOptions> = {}) {
  const provider = await startOtherProvider({ claims: PERSON, sub: 'idp|5F7C/é 1', ...wish });
  stops.push(() => provider.stop());
  const running = await startLogtoCell({
    upstream: {
      ...{ issuer: provider.issuer, ...provider.client, preset: 'generic', offlineAccess: false },
      ...{ claims: MAPPING, webhookKeys: [], management: undefined as never },
    },
  });
  stops.push(() => running.close());
  await running.cell.startJobs();
  return { provider, running };
}

async function valuesOf(running: LogtoCell, subjectId: string): Promise<Record<string, unknown>> {
  const { vault, keyService } = await openVault({
    ...{ database: running.database.cell, region: 'eu-1' },
    keyService: { address: { scheme: 'file', path: `${running.folder}/vault.key` } },
  });
  const audit = new ReadAudit({ database: running.database.cell });
  const own = await new OwnAttributes({ vault, audit }).read({
    ...{ tenantId: TENANT, subjectId, requestId: 'test' },
  });
  await audit.close();
  await keyService.close();
  return Object.fromEntries(own.map(({ attribute, value }) => [attribute, value]));
}

describe('A cell at another OpenID provider', () => {
  it('takes claims from where the mapping says, and the rest from where they usually are', async () => {
    const { running } = await start();
    const subjectId = await signInThere(running, new Browser(), 'anybody');
    expect(await valuesOf(running, subjectId)).toEqual({
      ...{ 'contact:email': 'sample@example.test', 'profile:name': 'Sample Person' },
      ...{ 'profile:citizenship': 'DE', 'contact:phone': '+442079460171', 'profile:locale': 'en-GB' },
    });
  });

  it('finds people again by their sub, however odd, and follows changed claims at a sign-in', async () => {
    const claims: Record<string, unknown> = { ...PERSON };
    const { running } = await start({ claims });
    const subjectId = await signInThere(running, new Browser(), 'anybody');
    Object.assign(claims, { locale: 'de', phone_number: null });
    expect(await signInThere(running, new Browser(), 'anybody')).toBe(subjectId);
    const values = await valuesOf(running, subjectId);
    expect(values['profile:locale']).toBe('de');
    expect(values).not.toHaveProperty('contact:phone');
  });

  it('reads the ID token where there is no userinfo', async () => {
    const { running } = await start({ metadata: { userinfo_endpoint: undefined } });
    const subjectId = await signInThere(running, new Browser(), 'anybody');
    expect((await valuesOf(running, subjectId))['profile:name']).toBe('Sample Person');
  });

  it('asks for nothing of Logto’s own, and signs out here where the provider has no sign-out', async () => {
    const { running, provider } = await start();
    const browser = new Browser();
    await signInThere(running, browser, 'anybody');
    const query = provider.asked.at(-1)?.searchParams;
    expect(query?.get('scope')).toBe('openid profile email phone address');
    expect(query?.has('prompt')).toBe(false);
    const page = await (await browser.fetch(`${running.url}/account`)).text();
    const answer = await post(browser, `${running.url}/account/sign-out`, { csrf: csrfOf(page) });
    expect(answer.headers.get('location')).toBe('/account/signed-out');
  });

  it('does not let anybody in with an algorithm that the metadata does not name', async () => {
    const { running } = await start({ metadata: { id_token_signing_alg_values_supported: ['ES256'] } });
    const browser = new Browser();
    const { url } = await running.begin();
    const { response } = await browser.open(url, { stopAt: 'http://core.test' });
    expect(response.status).toBe(502);
  });

  it('is checked by the doctor as far as that goes', async () => {
    const { provider, running } = await start();
    const upstream = { issuer: provider.issuer, ...provider.client, preset: 'generic' } as const;
    const wrong = async (clientSecret: string) =>
      (await check({ ...upstream, clientSecret }, running.url)).flatMap((one) => (one.ok ? [] : [one.check]));
    expect(await wrong(provider.client.clientSecret)).toEqual(['sign-out']);
    expect(await wrong('another')).toEqual(['client', 'sign-out']);
  });

  it('refuses to start with an attribute in the mapping that does not exist, or twice', async () => {
    for (const claims of ['contact:pigeon=x', 'contact:email=a,contact:email=b'])
      await expect(startLogtoCell({ upstream: { claims } })).rejects.toThrow('USERREF_UPSTREAM_CLAIMS');
  });
});
