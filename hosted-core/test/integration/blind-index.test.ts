import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlindIndexKeys } from '../../src/cell/vault/blind-index.ts';
import { ContactIndex } from '../../src/cell/vault/contact-index.ts';
import { FindPeople, LOOKUP_PERMISSION } from '../../src/cell/vault/find-people.ts';
import { KeyRing } from '../../src/cell/vault/key-ring.ts';
import type { Vault } from '../../src/cell/vault/vault.ts';
import type { Database, Queryable } from '../../src/database/database.ts';
import {
  addPerson,
  auditRows,
  type CellFixture,
  createCellFixture,
  store,
  TENANT,
} from '../support/cell-fixture.ts';
import { forgetfulVault } from '../support/rotation-fixture.ts';

let fixture: CellFixture;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());

/** Each test asks as somebody else, so that none uses up another's lookups. */
const operator = () => ({ id: `operator-${randomUUID()}`, permissions: [LOOKUP_PERMISSION] });
const find = (value: string, { field = 'email', caller = operator(), vault = fixture.vault } = {}) =>
  vault.findPeople.find({ tenantId: TENANT, caller, field: field as 'email', value });
const rowsOf = (subjectId: string) =>
  fixture.admin.query<{ kind: string; index_version: number; bytes: number }>(
    `select kind, index_version, octet_length(index_hmac) as bytes from cell.identifiers where subject_id = $1 order by kind`,
    [subjectId],
  );
async function personWith(values: Record<string, unknown>): Promise<string> {
  const person = await addPerson(fixture.admin);
  await store(fixture, person, values);
  return person;
}
const indexKeys = () =>
  new BlindIndexKeys(
    new KeyRing({ database: fixture.cell, keyWrapper: fixture.keyWrapper, region: 'eu' }),
    'eu',
  );
const address = () => `${randomUUID()}@example.com`;

describe('the blind index of contacts', () => {
  it('is written with the values, 128 bits each, and finds their owner by any spelling', async () => {
    const person = await personWith({
      'contact:email': 'Sample-Amber@B\u00fccher.example',
      'contact:phone': '+3725550001',
    });
    expect(await rowsOf(person)).toEqual([
      { kind: 'email', index_version: 1, bytes: 16 },
      { kind: 'phone', index_version: 1, bytes: 16 },
    ]);
    expect(await find(' sample-amber@XN--BCHER-KVA.example')).toEqual([person]);
    expect(await find('+372 555-0001', { field: 'phone' })).toEqual([person]);
  });

  it('follows every change of a value, in the same transaction', async () => {
    const [before, after] = [address(), address()];
    const person = await personWith({ 'contact:email': before });
    await store(fixture, person, { 'contact:email': after });
    expect(await find(before)).toEqual([]);
    expect(await find(after)).toEqual([person]);
    const undone = fixture.cell.inTenant(TENANT, async (tx) => {
      const values = [{ attribute: 'contact:email', value: before, source: 'person' }];
      await fixture.vault.storeAttributes(tx, { tenantId: TENANT, subjectId: person, values });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await find(after)).toEqual([person]);
  });

  it('finds all who share an address, and neither of them lost it to the other', async () => {
    const shared = address();
    const people = [
      await personWith({ 'contact:email': shared }),
      await personWith({ 'contact:email': shared }),
    ];
    expect(await find(shared)).toEqual([...people].sort());
    for (const person of people)
      expect(await fixture.vault.openOwn(TENANT, person)).toMatchObject([{ value: shared }]);
  });

  it('holds nothing for a value that has no normal form of its own, which is kept all the same', async () => {
    // A number that the catalogue takes may still be refused by a later, stricter normalisation.
    const person = await personWith({ 'contact:phone': '+3725550009' });
    await fixture.cell.inTenant(TENANT, (tx) =>
      new ContactIndex(indexKeys()).store(tx, { tenantId: TENANT, subjectId: person }, [
        { attribute: 'contact:phone', value: '+49 (0) 30 1234567' },
      ]),
    );
    expect(await rowsOf(person)).toEqual([]);
    expect(await find('+49 (0) 30 1234567', { field: 'phone' })).toEqual([]);
    expect(await fixture.vault.openOwn(TENANT, person)).toMatchObject([{ value: '+3725550009' }]);
  });

  it('finds nobody in another tenant, and nobody who was erased', async () => {
    const value = address();
    const person = await personWith({ 'contact:email': value });
    const elsewhere = fixture.vault.findPeople.find({
      tenantId: 'other',
      caller: operator(),
      field: 'email',
      value,
    });
    expect(await elsewhere).toEqual([]);
    await fixture.admin.query(`update cell.people set status = 'erased' where subject_id = $1`, [person]);
    expect(await find(value)).toEqual([]);
    await fixture.admin.query('delete from cell.identifiers where subject_id = $1', [person]);
  });
});

describe('looking people up', () => {
  it('needs a permission of its own', async () => {
    for (const permissions of [[], ['people.read'], ['people.lookup2']]) {
      await expect(find(address(), { caller: { id: 'x', permissions } })).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
  });

  it('is limited for each caller over all processes, and others are not affected', async () => {
    const caller = operator();
    const vaults = [fixture.vault, fixture.coldVault()] as [Vault, Vault];
    for (let count = 0; count < 30; count += 1)
      await find(address(), { caller, vault: vaults[count % 2] as Vault });
    for (const vault of vaults) {
      await expect(find(address(), { caller, vault })).rejects.toMatchObject({
        code: 'rate_limited',
        retryAfterSeconds: 60,
      });
    }
    expect(await find(address())).toEqual([]);
    await fixture.admin.query(
      `update cell.lookup_callers set window_started_at = now() - interval '61 seconds'`,
    );
    expect(await find(address(), { caller })).toEqual([]);
    const refusals = await auditRows(fixture.admin, 'people.lookup_refused');
    expect(refusals.filter((entry) => entry.data.caller === caller.id)).toHaveLength(2);
  });

  it('is written down, with neither what was asked nor what was found', async () => {
    const value = address();
    await personWith({ 'contact:email': value });
    const [hit, miss] = [operator(), operator()];
    await find(value, { caller: hit });
    await find(address(), { caller: miss });
    const entries = await auditRows(fixture.admin, 'people.looked_up');
    const of = (caller: { id: string }) => entries.filter((entry) => entry.data.caller === caller.id);
    expect(of(hit)).toEqual([
      {
        action: 'people.looked_up',
        site_id: null,
        subject_ref: null,
        data: { field: 'email', caller: hit.id },
      },
    ]);
    expect(of(miss)).toHaveLength(1);
    expect(JSON.stringify(entries)).not.toContain(value);
  });

  it('takes the same statements for a hit, a miss, two hits and what is no address at all', async () => {
    const [one, two] = [address(), address()];
    await personWith({ 'contact:email': one });
    await personWith({ 'contact:email': two });
    await personWith({ 'contact:email': two });
    const statements: string[] = [];
    const watched = watching(fixture.cell, statements);
    const people = new FindPeople({ database: watched, indexKeys: indexKeys() });
    const seen: string[][] = [];
    for (const value of [one, address(), two, 'no address', '', 'x'.repeat(5_000)]) {
      statements.length = 0;
      const found = await people.find({ tenantId: TENANT, caller: operator(), field: 'email', value });
      expect(Array.isArray(found)).toBe(true);
      seen.push([...statements]);
    }
    expect(seen[0]).toHaveLength(3);
    for (const other of seen) expect(other).toEqual(seen[0]);
  });
});

/** Notes the text of each statement; values are not statements. */
function watching(database: Database, statements: string[]): Database {
  const inTenant = <T>(tenantId: string, work: (tx: Queryable) => Promise<T>) =>
    database.inTenant(tenantId, (tx) =>
      work({
        query: (text, values) => {
          statements.push(text);
          return tx.query(text, values);
        },
      }),
    );
  return new Proxy(database, {
    get: (target, name) => (name === 'inTenant' ? inTenant : Reflect.get(target, name)),
  });
}

describe('without an index', () => {
  it('a person is indexed by the first rotation of it', async () => {
    const value = address();
    const person = await personWith({ 'contact:email': value });
    await fixture.admin.query('delete from cell.identifiers where subject_id = $1', [person]);
    const vault = forgetfulVault(fixture);
    expect(await find(value, { vault })).toEqual([]);
    await vault.rotation.start({
      tenantId: TENANT,
      kind: 'blind_index',
      class: 'email',
      graceSeconds: 0,
      settleSeconds: 0,
    });
    let step = await vault.rotation.step({ tenantId: TENANT, kind: 'blind_index', class: 'email' });
    while (step.result === 'more')
      step = await vault.rotation.step({ tenantId: TENANT, kind: 'blind_index', class: 'email' });
    expect(step.result).toBe('finished');
    expect(await find(value, { vault })).toEqual([person]);
  });
});

describe('the blind index', () => {
  const query = { tenantId: TENANT, field: 'upstream', value: ['http://op.test', 'person-1'] };

  it('gives the same 32 bytes for the same identifier, in every process', async () => {
    const first = await fixture.vault.blindIndex(query);
    expect(first).toHaveLength(32);
    expect(await fixture.coldVault().blindIndex(query)).toEqual(first);
  });

  it('differs by tenant, field, value and where a list is split', async () => {
    const others = await Promise.all(
      [
        query,
        { ...query, tenantId: 'other' },
        { ...query, field: 'email' },
        { ...query, value: ['http://op.test', 'person-2'] },
        { ...query, value: ['http://op.testperson-1'] },
        { ...query, value: ['http://op.test', 'person', '-1'] },
      ].map((one) => fixture.vault.blindIndex(one)),
    );
    expect(new Set(others.map((hmac) => hmac.toString('hex'))).size).toBe(others.length);
  });

  it('names the version of its key', async () => {
    expect(await fixture.vault.blindIndexes(query)).toMatchObject([{ version: 1 }]);
  });
});
