import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ReleaseAttributes,
  type SealRequest,
  type UnsealRequest,
} from '../../src/cell/attributes/release-attributes.ts';
import type { ConsentDependencies } from '../../src/cell/consent/consent-notice.ts';
import { expireConsents, withdrawConsent } from '../../src/cell/consent/withdraw-consent.ts';
import { endWindows } from '../../src/cell/sealed-attributes/end-windows.ts';
import { createLogger } from '../../src/observability/logger.ts';
import {
  AUDIENCE,
  addConsent,
  auditRows,
  type CellFixture,
  connect,
  createCellFixture,
  issueToken,
  TENANT,
} from '../support/cell-fixture.ts';
import { erasureOn } from '../support/erasure-fixture.ts';
import {
  ADDRESS,
  addCustomer,
  allowSealing,
  type Customer,
  DAY_MS,
  envelopeKeys,
  headerOf,
  PURPOSE,
  sealRequest,
} from '../support/sealed-fixture.ts';

let fixture: CellFixture;
let foreignToken: string;

beforeAll(async () => {
  fixture = await createCellFixture();
  await allowSealing(fixture, 'shop-a', 'shop-b');
  foreignToken = await issueToken(fixture.admin, { siteId: 'shop-b' });
});
afterAll(() => fixture.drop());

const seal = async (customer: Customer, wish: Partial<SealRequest> = {}) =>
  (await fixture.release.seal(sealRequest(customer, wish))).sealed;

const unseal = (customer: Customer, sealed: string, wish: Partial<UnsealRequest> = {}) =>
  fixture.release.unseal({
    ...{ tenantId: TENANT, accessToken: customer.accessToken, sealed, purpose: PURPOSE, orderRef: 'order-1' },
    ...wish,
  });

/** The cell as it will be later. */
const later = (ms: number) =>
  new ReleaseAttributes({
    ...{ database: fixture.cell, vault: fixture.vault, audit: fixture.audit },
    ...{ audience: AUDIENCE, issuer: 'http://core.test', now: () => new Date(Date.now() + ms) },
  });

const consents = (now = () => new Date()): ConsentDependencies =>
  ({
    ...{ database: fixture.cell, now, logger: createLogger({ level: 'silent' }) },
    core: { consentChanged: async () => {} },
  }) as unknown as ConsentDependencies;

describe('sealed attributes', () => {
  it('come back to the site that had them sealed', async () => {
    const customer = await addCustomer(fixture);
    const names = ['address:shipping', 'address:country'];
    await addConsent(fixture.admin, { subjectId: customer.subjectId, attribute: 'address:country' });
    expect(await unseal(customer, await seal(customer, { names }))).toEqual({
      'address:shipping': ADDRESS,
      'address:country': 'EE',
    });
  });

  it('stay as they were at the time of the order', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    const moved = [
      { attribute: 'address:shipping', value: { ...ADDRESS, locality: 'Narva' }, source: 'person' },
    ];
    await fixture.cell.inTenant(TENANT, (tx) =>
      fixture.vault.storeAttributes(tx, { tenantId: TENANT, subjectId: customer.subjectId, values: moved }),
    );
    expect(await unseal(customer, sealed)).toEqual({ 'address:shipping': ADDRESS });
  });

  it('say nothing on the outside: a random id in the header, and a size that a longer street does not change', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    expect(headerOf(sealed)).toEqual({
      ...{ alg: 'dir', enc: 'A256GCM', typ: 'userref-sealed+jwe' },
      kid: expect.stringMatching(/^sea_[a-z2-7]{26}$/),
    });
    const neighbour = await addCustomer(fixture, { ...ADDRESS, street_address: 'Canary Street 7, flat 12' });
    expect((await seal(neighbour)).length).toBe(sealed.length);
    const again = await seal(customer);
    expect(headerOf(again).kid).not.toBe(headerOf(sealed).kid);
    expect(again.split('.')[3]).not.toBe(sealed.split('.')[3]);
  });

  it('need a site that is registered for them, to seal and to unseal', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    const register = (scopes: string) =>
      fixture.admin.query(`update core.sites set attribute_scopes = $1 where site_id = 'shop-a'`, [scopes]);
    await register('{address:shipping}');
    const [sealing, unsealing] = await Promise.allSettled([seal(customer), unseal(customer, sealed)]);
    await register('{sealed}');
    expect([sealing, unsealing]).toMatchObject([
      { status: 'rejected', reason: { code: 'forbidden' } },
      { status: 'rejected', reason: { code: 'forbidden' } },
    ]);
    expect(await unseal(customer, sealed)).toEqual({ 'address:shipping': ADDRESS });
  });

  it('are refused without consent, in part too, and to people whose processing is restricted', async () => {
    const customer = await addCustomer(fixture);
    const names = ['address:shipping', 'contact:phone'];
    await expect(seal(customer, { names })).rejects.toMatchObject({
      code: 'consent_required',
      extensions: { attributes: ['contact:phone'], purpose: PURPOSE },
    });
    await expect(seal(customer, { purpose: 'marketing' })).rejects.toMatchObject({
      code: 'consent_required',
    });
    const sealed = await seal(customer);
    const status = (value: string) =>
      fixture.admin.query('update cell.people set status = $1 where subject_id = $2', [
        value,
        customer.subjectId,
      ]);
    await status('restricted');
    await expect(seal(customer)).rejects.toMatchObject({ code: 'processing_restricted' });
    await expect(unseal(customer, sealed)).rejects.toMatchObject({ code: 'processing_restricted' });
    await status('active');
    expect(await unseal(customer, sealed)).toEqual({ 'address:shipping': ADDRESS });
  });

  it('are unknown to everybody else: foreign, unknown and erased envelopes get one answer', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    await connect(fixture.admin, customer.subjectId, 'shop-b');
    await addConsent(fixture.admin, {
      ...{ subjectId: customer.subjectId, attribute: 'address:shipping', siteId: 'shop-b' },
    });
    const unknown = sealedAs(sealed, `sea_${'a'.repeat(26)}`);
    for (const [accessToken, envelope] of [
      [foreignToken, sealed],
      [foreignToken, unknown],
      [customer.accessToken, unknown],
    ] as const)
      await expect(unseal(customer, envelope, { accessToken })).rejects.toMatchObject({ code: 'not_found' });
    await expect(seal(customer, { accessToken: foreignToken })).rejects.toMatchObject({ code: 'not_found' });
    await expect(unseal(customer, sealed, { accessToken: 'x' })).rejects.toMatchObject({
      code: 'invalid_token',
    });
    const ofPerson = await issueToken(fixture.admin, { siteId: 'shop-a', subjectId: customer.subjectId });
    await expect(unseal(customer, sealed, { accessToken: ofPerson })).rejects.toMatchObject({
      code: 'invalid_token',
    });
  });

  it('open for their purpose and their order only', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    await addConsent(fixture.admin, {
      ...{ subjectId: customer.subjectId, attribute: 'address:shipping', purpose: 'marketing' },
    });
    await expect(unseal(customer, sealed, { purpose: 'marketing' })).rejects.toMatchObject({
      code: 'sealed_mismatch',
    });
    await expect(unseal(customer, sealed, { orderRef: 'order-2' })).rejects.toMatchObject({
      code: 'sealed_mismatch',
    });
  });

  it('open inside their window only', async () => {
    const customer = await addCustomer(fixture);
    const notBefore = new Date(Date.now() + DAY_MS);
    const sealed = await seal(customer, { notBefore, expiresAt: new Date(Date.now() + 2 * DAY_MS) });
    const request = { tenantId: TENANT, accessToken: customer.accessToken, sealed, purpose: PURPOSE };
    const at = (ms: number) => later(ms).unseal({ ...request, orderRef: 'order-1' });
    await expect(at(0)).rejects.toMatchObject({ code: 'sealed_not_open_yet' });
    expect(await at(DAY_MS + 1_000)).toEqual({ 'address:shipping': ADDRESS });
    await expect(at(2 * DAY_MS)).rejects.toMatchObject({ code: 'sealed_expired' });
  });

  it('do not open once a single character was changed, in any part', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    const { kid } = headerOf(sealed) as { kid: string };
    for (let at = sealed.indexOf('..') + 2; at < sealed.length; at += 7) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      await expect(unseal(customer, changed), String(at)).rejects.toMatchObject({ code: 'sealed_invalid' });
    }
    const header = { alg: 'dir', enc: 'A256GCM', typ: 'userref-sealed+jwe', kid };
    for (const other of [
      { ...header, enc: 'A128GCM' },
      { ...header, zip: 'DEF' },
      { ...header, crit: ['b64'] },
      { enc: 'A256GCM', alg: 'dir', typ: header.typ, kid },
      { ...header, kid: `${kid} ` },
    ])
      await expect(unseal(customer, withHeader(sealed, other))).rejects.toMatchObject({
        code: 'sealed_invalid',
      });
    for (const text of [
      '',
      '.',
      '....',
      'a.b.c.d.e',
      ` ${sealed}`,
      `${sealed}\n`,
      `${sealed}=`,
      `${sealed}.x`,
    ])
      await expect(unseal(customer, text)).rejects.toMatchObject({ code: 'sealed_invalid' });
  });

  it('do not open under the id of another envelope, of the same order even', async () => {
    const customer = await addCustomer(fixture);
    const [first, second] = [await seal(customer), await seal(customer)];
    const swapped = sealedAs(first, String(headerOf(second).kid));
    await expect(unseal(customer, swapped)).rejects.toMatchObject({ code: 'sealed_invalid' });
  });

  it.each([
    [
      'order_sha256',
      (kid: string) => [
        `sha256(convert_to('userref/order-ref/v1|' || '${kid}' || '|order-9', 'UTF8'))`,
        { orderRef: 'order-9' },
      ],
    ],
    ['purpose_id', () => [`'marketing'`, { purpose: 'marketing' }]],
    ['expires_at', () => [`now() + interval '300 days'`, {}]],
    ['not_before', () => [`now() - interval '300 days'`, {}]],
    ['attributes', () => [`'{address:shipping,contact:phone}'`, {}]],
  ] as const)(
    'do not open when their row says another %s: the key is bound to it',
    async (column, change) => {
      const customer = await addCustomer(fixture);
      const { subjectId } = customer;
      await addConsent(fixture.admin, { subjectId, attribute: 'address:shipping', purpose: 'marketing' });
      await addConsent(fixture.admin, { subjectId, attribute: 'contact:phone' });
      const sealed = await seal(customer);
      const kid = String(headerOf(sealed).kid);
      const [value, wish] = change(kid) as [string, Partial<UnsealRequest>];
      await fixture.admin.query(
        `update cell.sealed_envelopes set ${column} = ${value} where envelope_id = $1`,
        [kid],
      );
      await expect(unseal(customer, sealed, wish)).rejects.toMatchObject({ code: 'sealed_invalid' });
    },
  );

  it('do not open for another site or person whose row was made to point at the key', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    const { subjectId } = customer;
    const userRef = await connect(fixture.admin, subjectId, 'shop-b');
    await addConsent(fixture.admin, { subjectId, attribute: 'address:shipping', siteId: 'shop-b' });
    await fixture.admin.query(
      `update cell.sealed_envelopes set site_id = 'shop-b', user_ref = $2 where envelope_id = $1`,
      [headerOf(sealed).kid, userRef],
    );
    await expect(unseal(customer, sealed, { accessToken: foreignToken })).rejects.toMatchObject({
      code: 'sealed_invalid',
    });
  });
});

describe('the key of an envelope is destroyed', () => {
  it('when the person withdraws the consent, and a new consent does not bring it back', async () => {
    const customer = await addCustomer(fixture);
    const { subjectId, consentId } = customer;
    const sealed = await seal(customer);
    const other = await addCustomer(fixture);
    const untouched = await seal(other);
    expect(await envelopeKeys(fixture, subjectId)).toBe(1);
    await withdrawConsent(consents(), { tenantId: TENANT, subjectId, consentId });
    expect(await envelopeKeys(fixture, subjectId)).toBe(0);
    await expect(unseal(customer, sealed)).rejects.toMatchObject({ code: 'sealed_destroyed' });
    await addConsent(fixture.admin, { subjectId, attribute: 'address:shipping' });
    await expect(unseal(customer, sealed)).rejects.toMatchObject({ code: 'sealed_destroyed' });
    expect(await unseal(other, untouched)).toEqual({ 'address:shipping': ADDRESS });
  });

  it('when one of several consents that it needs ends, and not when another one does', async () => {
    const customer = await addCustomer(fixture);
    const { subjectId } = customer;
    const phone = await addConsent(fixture.admin, { subjectId, attribute: 'contact:phone' });
    const email = await addConsent(fixture.admin, { subjectId, attribute: 'contact:email' });
    const both = await seal(customer, { names: ['address:shipping', 'contact:phone'] });
    const one = await seal(customer);
    for (const consentId of [email, phone])
      await withdrawConsent(consents(), { tenantId: TENANT, subjectId, consentId });
    await expect(unseal(customer, both)).rejects.toMatchObject({ code: 'sealed_destroyed' });
    expect(await unseal(customer, one)).toEqual({ 'address:shipping': ADDRESS });
  });

  it('when the consent expires; and before that job runs, it is refused already', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    const after = 31 * DAY_MS;
    const wish = { expiresAt: new Date(Date.now() + 60 * DAY_MS) };
    const longer = await seal(customer, wish);
    const request = {
      tenantId: TENANT,
      accessToken: customer.accessToken,
      purpose: PURPOSE,
      orderRef: 'order-1',
    };
    await expect(later(after).unseal({ ...request, sealed: longer })).rejects.toMatchObject({
      code: 'consent_expired',
    });
    while (
      (await expireConsents(
        consents(() => new Date(Date.now() + after)),
        TENANT,
      )) > 0
    );
    expect(await envelopeKeys(fixture, customer.subjectId)).toBe(0);
    await expect(later(after).unseal({ ...request, sealed: longer })).rejects.toMatchObject({
      code: 'sealed_destroyed',
    });
    await expect(later(after).unseal({ ...request, sealed })).rejects.toMatchObject({
      code: 'sealed_expired',
    });
  });

  it('when its window is over, and a month later nothing knows of it', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer, { expiresAt: new Date(Date.now() + DAY_MS) });
    const tidy = (ms: number) =>
      endWindows({ database: fixture.cell, tenantId: TENANT, now: () => new Date(Date.now() + ms) });
    await tidy(0);
    expect(await unseal(customer, sealed)).toEqual({ 'address:shipping': ADDRESS });
    await tidy(DAY_MS);
    expect(await envelopeKeys(fixture, customer.subjectId)).toBe(0);
    const request = { tenantId: TENANT, accessToken: customer.accessToken, sealed, purpose: PURPOSE };
    const atEnd = later(DAY_MS).unseal({ ...request, orderRef: 'order-1' });
    await expect(atEnd).rejects.toMatchObject({ code: 'sealed_expired' });
    await tidy(32 * DAY_MS);
    await expect(unseal(customer, sealed)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('when the person is erased: the envelope is then as unknown as any', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    const keyRows = () =>
      fixture.admin.query(`select 1 from cell_keys.subject_keys where subject_id = $1`, [customer.subjectId]);
    expect((await keyRows()).length).toBeGreaterThan(1);
    await erasureOn(fixture).erase(customer.subjectId, 'request-sealed');
    expect(await keyRows()).toEqual([]);
    await expect(unseal(customer, sealed)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('and is in no memory: with its row gone, the process that has just used it cannot open either', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    await unseal(customer, sealed);
    await fixture.cell.inTenant(TENANT, (tx) =>
      tx.query(`select cell.destroy_envelopes($1, array[$2], 'consent_ended', now())`, [
        TENANT,
        headerOf(sealed).kid,
      ]),
    );
    await expect(unseal(customer, sealed)).rejects.toMatchObject({ code: 'sealed_destroyed' });
  });

  it('but not by a rotation: data keys of envelopes are not rotated, and their wrapping is', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    const request = { tenantId: TENANT, class: 'sealed' };
    await expect(fixture.vault.rotation.start({ ...request, kind: 'dek' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await fixture.vault.rotation.start({ ...request, kind: 'kek', graceSeconds: 0, settleSeconds: 0 });
    for (;;) {
      const { result } = await fixture.vault.rotation.step({ ...request, kind: 'kek' });
      if (result === 'finished' || result === 'idle') break;
    }
    const wrappedBy = await fixture.admin.query<{ kek_version: number }>(
      `select distinct kek_version from cell_keys.subject_keys where class = 'sealed'`,
    );
    expect(wrappedBy).toEqual([{ kek_version: 2 }]);
    expect(await unseal(customer, sealed)).toEqual({ 'address:shipping': ADDRESS });
    const removed = fixture.admin.query(
      `delete from cell_keys.subject_keys where class = 'sealed' and subject_id = $1`,
      [customer.subjectId],
    );
    await expect(removed).rejects.toMatchObject({ code: '23503' });
  });
});

describe('what happens to sealed attributes is written down', () => {
  const last = async (action: string) => (await auditRows(fixture.admin, action)).at(-1);

  it('before the envelope or the values leave, with names and no values', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    await unseal(customer, sealed);
    const [ref] = await fixture.admin.query<{ audit_ref: string }>(
      'select audit_ref from cell.people where subject_id = $1',
      [customer.subjectId],
    );
    for (const action of ['attributes.sealed', 'attributes.unsealed'])
      expect(await last(action)).toEqual({
        ...{ action, site_id: 'shop-a', subject_ref: ref?.audit_ref },
        data: { attributes: ['address:shipping'], purpose: PURPOSE, envelope_id: headerOf(sealed).kid },
      });
    expect(JSON.stringify(await auditRows(fixture.admin, 'attributes.sealed'))).not.toContain('order-1');
  });

  it('when refused too, with the code', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    await expect(unseal(customer, sealed, { orderRef: 'order-2' })).rejects.toThrow();
    expect(await last('attributes.unseal_refused')).toMatchObject({ data: { code: 'sealed_mismatch' } });
    await expect(unseal(customer, sealed, { accessToken: foreignToken })).rejects.toThrow();
    expect(await last('attributes.unseal_refused')).toMatchObject({
      ...{ site_id: 'shop-b', subject_ref: null },
      data: { attributes: [], code: 'not_found' },
    });
    await expect(seal(customer, { purpose: 'marketing' })).rejects.toThrow();
    expect(await last('attributes.refused')).toMatchObject({ data: { code: 'consent_required' } });
  });

  it('and an opened envelope counts as a read of the consent', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    await unseal(customer, sealed);
    await unseal(customer, sealed);
    await fixture.audit.close();
    const rows = await fixture.admin.query('select reads::int from cell.consents where consent_id = $1', [
      customer.consentId,
    ]);
    expect(rows).toEqual([{ reads: 2 }]);
  });

  it('or nothing is opened', async () => {
    const customer = await addCustomer(fixture);
    const sealed = await seal(customer);
    const audit = { recordRelease: () => Promise.reject(new Error('log is full')), record: async () => {} };
    const release = new ReleaseAttributes({
      ...{ database: fixture.cell, vault: fixture.vault, audit: audit as never },
      ...{ audience: AUDIENCE, issuer: 'http://core.test' },
    });
    const answer = release.unseal({
      ...{
        tenantId: TENANT,
        accessToken: customer.accessToken,
        sealed,
        purpose: PURPOSE,
        orderRef: 'order-1',
      },
    });
    await expect(answer).rejects.toThrow('log is full');
  });
});

describe('a withdrawal while something is being sealed or unsealed', () => {
  it('leaves no key behind and lets no value out afterwards', async () => {
    for (let round = 0; round < 12; round += 1) {
      const customer = await addCustomer(fixture);
      const { subjectId, consentId } = customer;
      const sealed = await seal(customer);
      let isWithdrawn = false;
      const late: unknown[] = [];
      const attempts = Array.from({ length: 6 }, async (_, index) => {
        await new Promise((done) => setTimeout(done, index));
        const startedLate = isWithdrawn;
        const answer = await (index % 2 === 0 ? unseal(customer, sealed) : seal(customer)).catch(
          () => undefined,
        );
        if (startedLate && answer !== undefined) late.push(answer);
      });
      await withdrawConsent(consents(), { tenantId: TENANT, subjectId, consentId });
      isWithdrawn = true;
      expect(await envelopeKeys(fixture, subjectId)).toBe(0);
      await Promise.all(attempts);
      expect([late, await envelopeKeys(fixture, subjectId)]).toEqual([[], 0]);
    }
  });

  it('refuses the sealing that had decided before and writes after', async () => {
    const customer = await addCustomer(fixture);
    const { subjectId, consentId } = customer;
    const prepare = fixture.vault.envelopes.prepare.bind(fixture.vault.envelopes);
    fixture.vault.envelopes.prepare = async (tenantId) => {
      await withdrawConsent(consents(), { tenantId: TENANT, subjectId, consentId });
      return prepare(tenantId);
    };
    try {
      await expect(seal(customer)).rejects.toMatchObject({ code: 'consent_required' });
    } finally {
      fixture.vault.envelopes.prepare = prepare;
    }
    expect(await envelopeKeys(fixture, subjectId)).toBe(0);
  });
});

describe('an envelope that is open and not yet written down', () => {
  it('is refused when the consent ends in between', async () => {
    const customer = await addCustomer(fixture);
    const { subjectId, consentId } = customer;
    const sealed = await seal(customer);
    const { envelopes } = fixture.vault;
    const openEnvelope = envelopes.openEnvelope.bind(envelopes);
    envelopes.openEnvelope = async (...asked) => {
      const content = await openEnvelope(...asked);
      await withdrawConsent(consents(), { tenantId: TENANT, subjectId, consentId });
      return content;
    };
    try {
      await expect(unseal(customer, sealed)).rejects.toMatchObject({ code: 'sealed_destroyed' });
    } finally {
      envelopes.openEnvelope = openEnvelope;
    }
  });
});

describe('the table of envelopes', () => {
  it('is closed to other tenants and to the core', async () => {
    const customer = await addCustomer(fixture);
    await seal(customer);
    const count = 'select count(*)::int as n from cell.sealed_envelopes';
    expect(await fixture.cell.query(count)).toEqual([{ n: 0 }]);
    expect(await fixture.cell.inTenant('other', (tx) => tx.query(count))).toEqual([{ n: 0 }]);
    await expect(fixture.core.inTenant(TENANT, (tx) => tx.query(count))).rejects.toMatchObject({
      code: '42501',
    });
    const askCore = fixture.cell.query(`select core.site_may_seal('acme', 'shop-a')`);
    await expect(askCore).rejects.toMatchObject({ code: '42501' });
  });

  it('holds neither value nor order reference', async () => {
    const customer = await addCustomer(fixture);
    await seal(customer, { orderRef: 'order-canary-77' });
    const rows = await fixture.admin.query('select * from cell.sealed_envelopes where subject_id = $1', [
      customer.subjectId,
    ]);
    const text = JSON.stringify(rows);
    expect(text).toContain('address:shipping');
    for (const secret of ['Canary Street', 'canary-77']) expect(text).not.toContain(secret);
  });
});

function sealedAs(sealed: string, kid: string): string {
  return withHeader(sealed, { ...headerOf(sealed), kid });
}

function withHeader(sealed: string, header: object): string {
  const [, ...rest] = sealed.split('.');
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
}
