import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiptCommand } from '../../../sdk-core/cli/receipt/receipt-command.ts';
import { AttributeRepository } from '../../src/core/catalogue/attribute-repository.ts';
import { addAttribute, publishAttribute } from '../../src/core/catalogue/manage-attributes.ts';
import { addPurpose, publishPurpose } from '../../src/core/catalogue/manage-purposes.ts';
import { SiteRepository } from '../../src/core/sites/site-repository.ts';
import {
  Browser,
  beginConsent,
  csrfOf,
  post,
  type RunningCell,
  signIn,
  startCell,
} from '../support/running-cell.ts';
import { startCore } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const TENANT = 'default';
const LOYALTY = {
  name: 'loyalty:tier',
  class: 'loyalty',
  mask: 'none',
  schema: { type: 'string', enum: ['gold', 'silver'] },
  labels: { en: 'Loyalty tier', de: 'Treuestufe' },
};

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return (error as { code?: string } | undefined)?.code ?? 'accepted';
}

describe('The catalogue at the core', () => {
  let database: TestDatabase;
  let core: Awaited<ReturnType<typeof startCore>>;
  let deps: { database: TestDatabase['admin']; tenantId: string; attributes: AttributeRepository };

  beforeAll(async () => {
    database = await createTestDatabase();
    core = await startCore({ coreUrl: database.coreUrl, cell: new ScriptedCell() });
    const own = core.foundation.database;
    deps = { database: own, tenantId: TENANT, attributes: new AttributeRepository(own, TENANT) };
    await core.registerSite({ siteId: 'shop-a', redirectUris: ['http://localhost:9/callback'] });
  });
  afterAll(async () => {
    await core.close();
    await database.drop();
  });

  const draft = (changes: object) => addAttribute(deps, { ...LOYALTY, ...changes });

  it('takes an attribute as a draft, and lets sites ask for it once it is published', async () => {
    await addAttribute(deps, LOYALTY);
    const site = { redirectUris: ['http://localhost:9/callback'], attributeScopes: ['loyalty:tier'] };
    expect(await codeOf(core.registerSite({ ...site, siteId: 'early' }))).toBe('unknown_attribute');
    expect(await core.foundation.gateway.tenantAttributes({ tenantId: TENANT })).toEqual([]);
    await publishAttribute(deps, 'loyalty:tier');
    expect(await codeOf(core.registerSite({ ...site, siteId: 'later' }))).toBe('accepted');
    const [learned] = await core.foundation.gateway.tenantAttributes({ tenantId: TENANT });
    expect(learned).toMatchObject({ name: 'loyalty:tier', schema_version: 1, predicate: false });
  });

  it.each([
    ['health in its name', { name: 'health:blood_type', class: 'health' }],
    ['religion in its label', { name: 'profile:community', labels: { en: 'Religion' } }],
    ['a mark and no basis', { name: 'profile:notes', special_category: true }],
    ['a basis of Article 6', { name: 'health:notes', special_category: true, legal_basis: 'eu-gdpr:A6-1-a' }],
    ['a basis and no mark', { name: 'health:notes', legal_basis: 'eu-gdpr:A9-2-a' }],
  ])('refuses a special category with %s', async (_what, changes) => {
    expect(await codeOf(draft(changes))).toBe('special_category_refused');
  });

  it('takes a special category with its basis of Article 9', async () => {
    const explicit = { name: 'health:allergy', special_category: true, legal_basis: 'eu-gdpr:A9-2-a' };
    expect(await codeOf(draft(explicit))).toBe('accepted');
  });

  it.each([
    ['a name of the default catalogue', { name: 'contact:email' }, 'conflict'],
    ['no English label', { name: 'a:b', labels: { de: 'Etwas' } }, 'invalid_request'],
    ['a member that is not known', { name: 'a:b', colour: 'red' }, 'invalid_request'],
    ['a schema without a type', { name: 'a:b', schema: {} }, 'invalid_request'],
    [
      'a giant schema',
      { name: 'a:b', schema: { type: 'string', description: 'x'.repeat(9000) } },
      'invalid_request',
    ],
    ['a predicate of nothing', { name: 'a:b', predicate: true }, 'invalid_request'],
    [
      'a rule from elsewhere',
      {
        name: 'a:b',
        predicate: true,
        schema: { type: 'boolean' },
        derived: { rule: 'age_at_least', from: 'contact:email', years: 18 },
      },
      'invalid_request',
    ],
    ['another class than before', { class: 'identity' }, 'conflict'],
  ])('refuses %s', async (_what, changes, code) => {
    expect(await codeOf(draft(changes))).toBe(code);
  });

  it('asks under the published version of a purpose until the next is published', async () => {
    const definition = {
      id: 'order_delivery',
      max_duration_days: 30,
      dpv_purpose: 'dpv:DeliveryOfGoods',
      legal_basis: 'eu-gdpr:A6-1-a',
      texts: { en: { title: 'Delivery', description: 'To bring it.' } },
    };
    const current = async () => (await new SiteRepository(deps.database).find(TENANT, 'shop-a'))?.purposes[0];
    await addPurpose(deps, 'shop-a', definition);
    expect(await current()).toBeUndefined();
    await publishPurpose(deps, { siteId: 'shop-a', purposeId: 'order_delivery' });
    await addPurpose(deps, 'shop-a', { ...definition, max_duration_days: 60 });
    expect(await current()).toMatchObject({
      version: 1,
      maxDurationDays: 30,
      dpvPurpose: 'dpv:DeliveryOfGoods',
    });
    await publishPurpose(deps, { siteId: 'shop-a', purposeId: 'order_delivery' });
    expect(await current()).toMatchObject({ version: 2, maxDurationDays: 60 });
    const nothing = publishPurpose(deps, { siteId: 'shop-a', purposeId: 'order_delivery' });
    expect(await codeOf(nothing)).toBe('not_found');
  });

  it.each([
    ['a term that is not in the vocabulary', { dpv_purpose: 'dpv:SellingData' }],
    ['another legal basis than consent', { legal_basis: 'eu-gdpr:A6-1-f' }],
    ['no end', { max_duration_days: 100_000 }],
    ['a giant text', { texts: { en: { title: 'T', description: 'x'.repeat(1001) } } }],
    ['no English', { texts: { de: { title: 'T', description: 'D' } } }],
  ])('refuses a purpose with %s', async (_what, changes) => {
    const texts = { en: { title: 'T', description: 'D' } };
    const definition = { id: 'newsletter', max_duration_days: 30, texts, ...changes };
    expect(await codeOf(addPurpose(deps, 'shop-a', definition))).toBe('invalid_request');
  });
});

describe('The cell', () => {
  let cell: RunningCell;
  const folder = mkdtempSync(join(tmpdir(), 'userref-receipt-'));

  beforeAll(async () => {
    cell = await startCell();
    cell.core.attributes = [{ ...LOYALTY, schema_version: 1, predicate: false }];
    cell.core.userRefs.set('shop-a', `ppid_${'c'.repeat(26)}`);
  });
  afterAll(async () => {
    await cell.close();
    rmSync(folder, { recursive: true });
  });

  const ask = (attributes: string[]) => ({
    attributes,
    purpose: {
      purposeId: 'loyalty',
      version: 1,
      maxDurationDays: 30,
      texts: { en: { title: 'T', description: 'D' } },
    },
  });

  it('learns the operator’s attributes: names them, keeps and masks their values', async () => {
    const browser = new Browser();
    const subjectId = await signIn(cell, browser);
    await cell.database.cell.inTenant(TENANT, (tx) =>
      cell.deps.vault.storeAttributes(tx, {
        tenantId: TENANT,
        subjectId,
        values: [{ attribute: 'loyalty:tier', value: 'gold', source: 'test' }],
      }),
    );
    const { url } = await beginConsent(cell, subjectId, { ask: ask(['loyalty:tier']) });
    const html = await (await browser.fetch(`${url}?lang=de`)).text();
    expect(html).toContain('Treuestufe');
    expect(html).toContain('gold');
    const wrong = cell.database.cell.inTenant(TENANT, (tx) =>
      cell.deps.vault.storeAttributes(tx, {
        tenantId: TENANT,
        subjectId,
        values: [{ attribute: 'loyalty:tier', value: 'platinum', source: 'test' }],
      }),
    );
    expect(await codeOf(wrong)).toBe('invalid_request');
  });

  it('signs a receipt that userref believes offline, under the user_ref and never the subject', async () => {
    const browser = new Browser();
    const subjectId = await signIn(cell, browser, 'birch');
    const { url } = await beginConsent(cell, subjectId, { ask: ask(['contact:email']) });
    const csrf = csrfOf(await (await browser.fetch(`${url}?lang=en`)).text());
    await post(browser, `${url}/consent`, {
      csrf,
      decision: 'share',
      attribute: 'contact:email',
      duration: 'days_30',
    });
    const list = await (await browser.fetch(`${cell.url}/account/receipts`)).text();
    const path = /\/account\/receipts\/rcp_[a-z2-7]{26}/.exec(list)?.[0] ?? '';
    const answer = await browser.fetch(`${cell.url}${path}`);
    expect(answer.headers.get('content-type')).toContain('application/jwt');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const jws = await answer.text();
    const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString();
    expect(payload).toContain(`ppid_${'c'.repeat(26)}`);
    for (const secret of [subjectId, 'sample.birch@example.test']) expect(payload).not.toContain(secret);

    const keys = await (await fetch(`${cell.url}/.well-known/consent-receipt-jwks.json`)).text();
    expect(keys).not.toContain('"d"');
    writeFileSync(join(folder, 'jwks.json'), keys);
    writeFileSync(join(folder, 'receipt.jwt'), jws);
    const said: string[] = [];
    const args = ['verify', '--jwks', join(folder, 'jwks.json'), join(folder, 'receipt.jwt')];
    expect(await receiptCommand(args, { out: (text) => void said.push(text) })).toBe(0);
    expect(said.join()).toContain('given contact:email');
  });

  it('gives nobody else’s receipt, and none without a session', async () => {
    const owner = new Browser();
    const subjectId = await signIn(cell, owner, 'birch');
    const { url } = await beginConsent(cell, subjectId, { ask: ask(['contact:phone']) });
    const csrf = csrfOf(await (await owner.fetch(`${url}?lang=en`)).text());
    const answer = { csrf, decision: 'share', attribute: 'contact:phone', duration: 'days_30' };
    await post(owner, `${url}/consent`, answer);
    const [row] = await cell.database.admin.query<{ receipt_id: string }>(
      'select receipt_id from cell.consent_receipts where subject_id = $1',
      [subjectId],
    );
    expect((await owner.fetch(`${cell.url}/account/receipts/${row?.receipt_id}`)).status).toBe(200);
    const other = new Browser();
    await signIn(cell, other, 'amber');
    const path = `${cell.url}/account/receipts/${row?.receipt_id}`;
    expect((await other.fetch(path)).status).toBe(404);
    expect((await new Browser().fetch(path)).status).toBe(303);
    for (const id of ['rcp_x', '../../etc', '%00', 'a'.repeat(199)])
      expect(
        (await other.fetch(`${cell.url}/account/receipts/${encodeURIComponent(id)}`)).status,
      ).toBeGreaterThanOrEqual(400);
  });

  it('refuses questions that are no page', async () => {
    const subjectId = '00000000-0000-4000-8000-000000000000';
    const giant = ask(['contact:email']);
    giant.purpose.texts.en.description = 'x'.repeat(5000);
    expect(await codeOf(beginConsent(cell, subjectId, { ask: giant }))).toBe('invalid_request');
    expect(await codeOf(beginConsent(cell, subjectId, { ask: ask([]) }))).toBe('invalid_request');
  });

  it.each([
    ['POST', '/account/consents/con_nobody', { duration: 'days_30' }],
    ['POST', '/account/sites/shop-a/disconnect', {}],
    ['POST', '/account/sessions/end-others', {}],
    ['POST', '/account/sessions/00000000-0000-4000-8000-000000000000/end', {}],
  ] as const)(
    'refuses %s %s without a token, from elsewhere, and in somebody else’s name',
    async (_verb, path, fields) => {
      const browser = new Browser();
      await signIn(cell, browser);
      const other = new Browser();
      await signIn(cell, other, 'birch');
      const csrf = csrfOf(await (await other.fetch(`${cell.url}/account`)).text());
      const target = `${cell.url}${path}`;
      expect((await post(browser, target, fields)).status).toBe(403);
      expect((await post(browser, target, { ...fields, csrf })).status).toBe(403);
      const own = csrfOf(await (await browser.fetch(`${cell.url}/account`)).text());
      expect(
        (await post(browser, target, { ...fields, csrf: own }, { origin: 'https://evil.test' })).status,
      ).toBe(403);
      expect((await post(new Browser(), target, { ...fields, csrf: own })).status).toBe(403);
    },
  );
});
