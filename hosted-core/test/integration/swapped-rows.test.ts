import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReleaseAttributes } from '../../src/cell/attributes/release-attributes.ts';
import type { UserrefError } from '../../src/errors/userref-error.ts';
import {
  AUDIENCE,
  addConsent,
  addPerson,
  auditRows,
  type CellFixture,
  connect,
  createCellFixture,
  issueToken,
  PURPOSE,
  store,
  TENANT,
} from '../support/cell-fixture.ts';
import {
  addCustomer,
  allowSealing,
  type Customer,
  headerOf,
  sealRequest,
} from '../support/sealed-fixture.ts';

/**
 * Somebody with the database in their hands moves what is sealed, real rows of real people at two sites, two
 * tenants and two regions. Whoever reads then, through the whole release, gets `integrity_error` and no value,
 * and the alarm is in the log.
 */
let fixture: CellFixture;
let amber: string;
let birch: string;
const VALUES = {
  'profile:given_name': 'Canary-Given',
  'profile:family_name': 'Canary-Family',
  'contact:email': 'canary@example.com',
};
const NAMES = Object.keys(VALUES);

beforeEach(async () => {
  fixture = await createCellFixture();
  amber = await personWith(VALUES);
  birch = await personWith({
    ...VALUES,
    'profile:given_name': 'Other-Given',
    'contact:email': 'other@example.com',
  });
  expect(await release(amber)).toEqual(VALUES);
});
afterEach(() => fixture.drop());

async function personWith(values: Record<string, string>): Promise<string> {
  const person = await addPerson(fixture.admin);
  await store(fixture, person, values);
  for (const attribute of NAMES) await addConsent(fixture.admin, { subjectId: person, attribute });
  return person;
}

/** A process that has no key in memory yet. */
const coldRelease = () =>
  new ReleaseAttributes({
    ...{ database: fixture.cell, vault: fixture.coldVault(), audit: fixture.audit },
    ...{ audience: AUDIENCE, issuer: 'http://core.test' },
  });

async function release(subjectId: string) {
  const accessToken = await issueToken(fixture.admin, { siteId: 'shop-a', subjectId });
  return coldRelease().release({ tenantId: TENANT, accessToken, names: NAMES, purpose: PURPOSE });
}

const alarms = async () => (await auditRows(fixture.admin, 'vault.integrity')).length;

async function expectAlarm(read: () => Promise<unknown>): Promise<void> {
  const before = await alarms();
  const error = await read().then(
    (values) => expect.fail(`released ${Object.keys(values as object)}`),
    (thrown: UserrefError) => thrown,
  );
  expect(error).toMatchObject({ code: 'integrity_error', status: 500 });
  expect(JSON.stringify([error.message, error.detail, error.extensions])).not.toMatch(/canary|other/i);
  expect(await alarms()).toBe(before + 1);
}

/** Lets two rows of a table take each other's columns. */
const swap = (table: string, columns: string, where: string) =>
  fixture.admin.query(
    `update ${table} a set (${columns}) = (select ${columns} from ${table} b where b.ctid <> a.ctid and ${where})
     where ${where}`,
  );

const people = () => `subject_id in ('${amber}', '${birch}')`;

/** By name: what is moved, and who reads then. */
const MOVES: Record<string, () => Promise<unknown>> = {
  'a value to another person': () =>
    swap('cell.users_pii', 'value_enc', `${people()} and attribute = 'contact:email'`),
  'a value with its key to another person': async () => {
    await swap(
      'cell.users_pii',
      'value_enc, key_version, row_rev',
      `${people()} and attribute = 'contact:email'`,
    );
    await swap('cell_keys.subject_keys', 'key_id, wrapped_dek', `${people()} and class = 'contact'`);
  },
  'a wrapped key to another person': () =>
    swap('cell_keys.subject_keys', 'wrapped_dek', `${people()} and class = 'contact'`),
  'a wrapped key with its name to another person': () =>
    swap('cell_keys.subject_keys', 'key_id, wrapped_dek', `${people()} and class = 'contact'`),
  'a wrapped key to another class of the same person': () =>
    swap('cell_keys.subject_keys', 'key_id, wrapped_dek', `subject_id = '${amber}'`),
  'a value to another attribute of the same class': () =>
    swap('cell.users_pii', 'value_enc', `subject_id = '${amber}' and attribute like 'profile:%_name'`),
  'the name of an attribute to another one': () =>
    fixture.admin.query(
      `delete from cell.users_pii where subject_id = '${amber}' and attribute = 'profile:family_name';
       update cell.users_pii set attribute = 'profile:family_name'
       where subject_id = '${amber}' and attribute = 'profile:given_name'`,
    ),
  'a value to another class': () =>
    fixture.admin.query(
      `update cell.users_pii set class = 'identity' where subject_id = '${amber}' and attribute = 'contact:email'`,
    ),
  'an older value back': async () => {
    const where = `subject_id = '${amber}' and attribute = 'contact:email'`;
    const [old] = await fixture.admin.query<{ value_enc: Buffer }>(
      `select value_enc from cell.users_pii where ${where}`,
    );
    await store(fixture, amber, { 'contact:email': 'newer@example.com' });
    await fixture.admin.query(`update cell.users_pii set value_enc = $1 where ${where}`, [old?.value_enc]);
  },
};

describe('in one tenant, somebody moves', () => {
  it.each(Object.keys(MOVES))('%s', async (name) => {
    await MOVES[name]?.();
    await expectAlarm(() => release(amber));
  });
});

/** Takes rows of a person over into another tenant, under ids of that tenant. */
const copyTo = (tenant: string, table: string, where: string, renamed: object = {}) =>
  fixture.admin.query(
    `insert into ${table} select (jsonb_populate_record(null::${table}, to_jsonb(t) || $1)).* from ${table} t where ${where}`,
    [{ tenant_id: tenant, ...renamed }],
  );

describe('between tenants, somebody copies', () => {
  let guest: string;
  /** A person of the other tenant, whose rows take the place of those of a person here. */
  beforeEach(async () => {
    guest = await addPerson(fixture.admin, 'other');
    await store(fixture, guest, VALUES, 'other');
    await fixture.admin.query(`delete from cell.users_pii where subject_id = '${amber}'`);
    await fixture.admin.query(`delete from cell_keys.subject_keys where subject_id = '${amber}'`);
  });
  const rows = (table: string) => copyTo(TENANT, table, `subject_id = '${guest}'`, { subject_id: amber });

  it('values and wrapped keys of a person', async () => {
    await rows('cell.users_pii');
    await rows('cell_keys.subject_keys');
    await expectAlarm(() => release(amber));
  });

  it('values and wrapped keys with the keys above them', async () => {
    await rows('cell.users_pii');
    await rows('cell_keys.subject_keys');
    await fixture.admin.query(`delete from cell.keys where tenant_id = '${TENANT}'`);
    await copyTo(TENANT, 'cell.keys', `tenant_id = 'other'`);
    await expectAlarm(() => release(amber));
  });

  it('a person as a whole, with the id that they have there', async () => {
    await fixture.admin.query(
      `insert into cell.people (tenant_id, subject_id) values ('${TENANT}', '${guest}')`,
    );
    await fixture.admin.query(
      `insert into core.subjects (tenant_id, subject_id, region) values ('${TENANT}', '${guest}', 'eu')`,
    );
    for (const attribute of NAMES) await addConsent(fixture.admin, { subjectId: guest, attribute });
    await copyTo(TENANT, 'cell.users_pii', `subject_id = '${guest}'`);
    await copyTo(TENANT, 'cell_keys.subject_keys', `subject_id = '${guest}'`);
    await fixture.admin.query(`delete from cell.keys where tenant_id = '${TENANT}'`);
    await copyTo(TENANT, 'cell.keys', `tenant_id = 'other'`);
    await expectAlarm(() => release(guest));
  });
});

describe('between regions, somebody copies', () => {
  /** The cell of the other region, with its own keys, on the same key service. */
  beforeEach(async () => {
    await fixture.admin.query('delete from cell.users_pii; delete from cell_keys.subject_keys');
    await store({ ...fixture, vault: fixture.coldVault('us') }, amber, VALUES);
  });

  it('values and wrapped keys', () => expectAlarm(() => release(amber)));

  it('and the keys above them under this region’s name', async () => {
    await fixture.admin.query(`delete from cell.keys where region = 'eu'`);
    await fixture.admin.query(`update cell.keys set region = 'eu'`);
    await expectAlarm(() => release(amber));
  });
});

describe('between sites, somebody moves', () => {
  let customer: Customer;
  let sealed: { a: string; b: string };
  let tokens: { a: string; b: string };
  beforeEach(async () => {
    const { admin } = fixture;
    await allowSealing(fixture, 'shop-a', 'shop-b');
    customer = await addCustomer(fixture);
    const { subjectId } = customer;
    const atB = {
      ...customer,
      userRef: await connect(admin, subjectId, 'shop-b'),
      accessToken: await issueToken(admin, { siteId: 'shop-b' }),
    };
    await addConsent(admin, { subjectId, attribute: 'address:shipping', siteId: 'shop-b' });
    tokens = { a: customer.accessToken, b: atB.accessToken };
    sealed = {
      a: (await fixture.release.seal(sealRequest(customer))).sealed,
      b: (await fixture.release.seal(sealRequest(atB))).sealed,
    };
    expect(await unseal('b')).toHaveProperty('address:shipping');
  });
  const unseal = (site: 'a' | 'b', envelope = sealed[site]) =>
    coldRelease().unseal({
      ...{
        tenantId: TENANT,
        accessToken: tokens[site],
        sealed: envelope,
        purpose: PURPOSE,
        orderRef: 'order-1',
      },
    });
  const sealedKeys = () => `subject_id = '${customer.subjectId}' and class = 'sealed'`;
  const idOf = (envelope: string) => String(headerOf(envelope)['kid']);

  it.each(['wrapped_dek', 'key_id, wrapped_dek'])('the wrapped key of an envelope (%s)', async (columns) => {
    await swap('cell_keys.subject_keys', columns, sealedKeys());
    await expectAlarm(() => unseal('b'));
  });

  it('the whole row of the key: the envelope is bound to its site', async () => {
    await fixture.admin.query(
      `update cell.sealed_envelopes set key_version = null, destroyed_at = now(), destroyed_because = 'window_ended'
       where envelope_id = $1`,
      [idOf(sealed.a)],
    );
    await fixture.admin.query(
      `update cell.sealed_envelopes set key_version = (select min(version) from cell_keys.subject_keys where ${sealedKeys()})
       where envelope_id = $1`,
      [idOf(sealed.b)],
    );
    await expect(unseal('b')).rejects.toMatchObject({ code: 'sealed_invalid' });
  });

  it('the text of an envelope: another site’s is unknown, under an own id it does not open', async () => {
    await expect(unseal('b', sealed.a)).rejects.toMatchObject({ code: 'not_found' });
    const [, ...content] = sealed.a.split('.');
    const mixed = [sealed.b.split('.')[0], ...content].join('.');
    await expect(unseal('b', mixed)).rejects.toMatchObject({ code: 'sealed_invalid' });
    expect(await auditRows(fixture.admin, 'attributes.unseal_refused')).toHaveLength(2);
  });
});
