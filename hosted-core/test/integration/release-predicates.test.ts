import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAttributeDraft } from '../../src/core/catalogue/attribute-definition.ts';
import {
  addConsent,
  addPerson,
  auditRows,
  type CellFixture,
  createCellFixture,
  issueToken,
  store,
  TENANT,
} from '../support/cell-fixture.ts';

const IN_UNION = {
  name: 'address:in_union',
  class: 'address',
  mask: 'none',
  schema: { type: 'boolean' },
  labels: { en: 'Lives in the customs union' },
  predicate: true,
  derived: { rule: 'country_one_of', from: 'address:shipping', countries: ['EE', 'FI'] },
};

let fixture: CellFixture;
beforeAll(async () => {
  fixture = await createCellFixture();
  fixture.vault.catalogue.learn([readAttributeDraft(IN_UNION, 1)]);
});
afterAll(() => fixture.drop());

async function ask(country: string | undefined, names = [IN_UNION.name]) {
  const subjectId = await addPerson(fixture.admin);
  const address = { street_address: 'Sample Street 1', locality: 'Sample Town', country };
  if (country) await store(fixture, subjectId, { 'address:shipping': address });
  await addConsent(fixture.admin, { subjectId, attribute: IN_UNION.name });
  const accessToken = await issueToken(fixture.admin, { siteId: 'shop-a', subjectId });
  return fixture.release.release({ tenantId: TENANT, accessToken, names, purpose: 'order_delivery' });
}

describe('a predicate on the country, which the operator defined', () => {
  it.each([
    ['a country on the list', 'EE', true],
    ['another on the list', 'FI', true],
    ['a country that is not', 'CH', false],
    ['no address', undefined, null],
  ])('answers for %s and says no more', async (_what, country, answer) => {
    const released = await ask(country);
    expect(released).toEqual({ [IN_UNION.name]: answer });
    expect(JSON.stringify(released)).not.toMatch(/EE|FI|CH|Sample/);
  });

  it('covers neither the address nor the country behind it', async () => {
    for (const name of ['address:shipping', 'address:country'])
      await expect(ask('EE', [IN_UNION.name, name])).rejects.toMatchObject({
        code: 'consent_required',
        extensions: { attributes: [name] },
      });
  });

  it('is audited by its own name, without the answer', async () => {
    const entry = (await auditRows(fixture.admin, 'attributes.released')).at(-1);
    expect(entry?.data).toMatchObject({ attributes: [IN_UNION.name] });
    expect(JSON.stringify(entry?.data)).not.toMatch(/true|false|EE/);
  });

  it('is never stored', async () => {
    const subjectId = await addPerson(fixture.admin);
    await expect(store(fixture, subjectId, { [IN_UNION.name]: true })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
