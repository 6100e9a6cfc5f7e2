import { afterAll, describe, expect, it } from 'vitest';
import { ReleaseAttributes } from '../../src/cell/attributes/release-attributes.ts';
import { withdrawConsent } from '../../src/cell/consent/withdraw-consent.ts';
import { AUDIENCE, auditRows, PURPOSE, TENANT } from '../support/cell-fixture.ts';
import { addCustomer, createSealedBench, envelopeKeys, headerOf } from '../support/sealed-fixture.ts';

const { consents, fixture, foreignToken, seal, unseal } = await createSealedBench();

afterAll(() => fixture.drop());

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
