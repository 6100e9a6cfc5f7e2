import { afterAll, describe, expect, it } from 'vitest';
import type { UnsealRequest } from '../../src/cell/attributes/release-attributes.ts';
import { ADDRESS, addConsent, connect, issueToken, PURPOSE, TENANT } from '../support/cell-fixture.ts';
import { addCustomer, createSealedBench, DAY_MS, headerOf } from '../support/sealed-fixture.ts';

const { fixture, foreignToken, later, seal, unseal } = await createSealedBench();

afterAll(() => fixture.drop());

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

function sealedAs(sealed: string, kid: string): string {
  return withHeader(sealed, { ...headerOf(sealed), kid });
}

function withHeader(sealed: string, header: object): string {
  const [, ...rest] = sealed.split('.');
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
}
