import { afterAll, describe, expect, it } from 'vitest';
import { expireConsents, withdrawConsent } from '../../src/cell/consent/withdraw-consent.ts';
import { endWindows } from '../../src/cell/sealed-attributes/end-windows.ts';
import { ADDRESS, addConsent, PURPOSE, TENANT } from '../support/cell-fixture.ts';
import { erasureOn } from '../support/erasure-fixture.ts';
import { addCustomer, createSealedBench, DAY_MS, envelopeKeys, headerOf } from '../support/sealed-fixture.ts';

const { consents, fixture, later, seal, unseal } = await createSealedBench();

afterAll(() => fixture.drop());

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
