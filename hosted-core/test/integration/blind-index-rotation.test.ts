import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { findPersonByIdentifier, insertPerson } from '../../src/cell/people/people-repository.ts';
import { LOOKUP_PERMISSION } from '../../src/cell/vault/find-people.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import {
  addPerson,
  auditRows,
  type CellFixture,
  createCellFixture,
  store,
  TENANT,
} from '../support/cell-fixture.ts';
import { AT_ONCE, addPeople, finish, forgetfulVault } from '../support/rotation-fixture.ts';

let fixture: CellFixture;
beforeEach(async () => {
  fixture = await createCellFixture();
  return () => fixture.drop();
});

const EMAIL = { tenantId: TENANT, kind: 'blind_index', class: 'email' } as const;
const UPSTREAM = { tenantId: TENANT, kind: 'blind_index', class: 'upstream' } as const;
const caller = () => ({ id: randomUUID(), permissions: [LOOKUP_PERMISSION] });
const find = (value: string, vault: Vault) =>
  vault.findPeople.find({ tenantId: TENANT, caller: caller(), field: 'email', value });
const versions = async (kind: string) =>
  Object.fromEntries(
    (
      await fixture.admin.query<{ version: string; count: number }>(
        'select index_version::text as version, count(*)::int as count from cell.identifiers where kind = $1 group by 1 order by 1',
        [kind],
      )
    ).map((row) => [row.version, row.count]),
  );
const processThatRemembers = () =>
  new Vault({ database: fixture.cell, keyWrapper: fixture.keyWrapper, region: 'eu' });

describe('rotating the index of e-mail addresses', () => {
  it('finds everybody at every moment, under the new key, then under it alone', async () => {
    const people = await addPeople(fixture, 5);
    const vault = forgetfulVault(fixture, { rotationBatch: { blind_index: 2 } });
    const everybodyIsFound = async () => {
      for (const [index, person] of people.entries())
        expect(await find(`sample-${index}@example.com`, vault)).toEqual([person]);
    };
    await vault.rotation.start({ ...EMAIL, ...AT_ONCE });
    await everybodyIsFound();
    for (;;) {
      const step = await vault.rotation.step(EMAIL);
      await everybodyIsFound();
      if (step.result === 'finished') break;
    }
    expect(await versions('email')).toEqual({ 1: 5, 2: 5 });
    await vault.keys.raiseFloor(TENANT, 'blind_index:email', 2);
    expect(await versions('email')).toEqual({ 2: 5 });
    await everybodyIsFound();
    await vault.keys.destroy(TENANT, 'blind_index:email', 1);
    await everybodyIsFound();
  });

  it('has each write under both keys, so that a process that has not heard finds it too', async () => {
    await addPeople(fixture, 1);
    const stale = processThatRemembers();
    await find('sample-0@example.com', stale);
    const vault = forgetfulVault(fixture);
    await vault.rotation.start({ ...EMAIL, ...AT_ONCE });
    const person = await addPerson(fixture.admin);
    await store({ ...fixture, vault }, person, { 'contact:email': 'sample-new@example.com' });
    expect(await find('sample-new@example.com', stale)).toEqual([person]);
    await store({ ...fixture, vault: stale }, person, { 'contact:email': 'sample-stale@example.com' });
    expect(await find('sample-stale@example.com', vault)).toEqual([person]);
    // A stale write takes the newer index with it, for that was of the value before.
    expect(await find('sample-new@example.com', vault)).toEqual([]);
    await finish(vault, 'blind_index', 'email');
    expect(await versions('email')).toEqual({ 1: 2, 2: 2 });
  });

  it('does not raise the floor over somebody who has the old index only', async () => {
    const [person] = (await addPeople(fixture, 2)) as [string];
    const vault = forgetfulVault(fixture);
    await vault.rotation.start({ ...EMAIL, ...AT_ONCE });
    await finish(vault, 'blind_index', 'email');
    await fixture.admin.query('delete from cell.identifiers where subject_id = $1 and index_version = 2', [
      person,
    ]);
    await expect(vault.keys.raiseFloor(TENANT, 'blind_index:email', 2)).rejects.toMatchObject({
      code: 'conflict',
      extensions: { in_use: 1 },
    });
  });

  it('leaves people behind whose address does not open, when their number is named exactly', async () => {
    const people = await addPeople(fixture, 3);
    await fixture.admin.query(
      `update cell.users_pii set value_enc = set_byte(value_enc, 100, get_byte(value_enc, 100) # 1)
       where attribute = 'contact:email' and subject_id = $1`,
      [people[0]],
    );
    const vault = forgetfulVault(fixture);
    await vault.rotation.start({ ...EMAIL, ...AT_ONCE });
    while ((await vault.rotation.step(EMAIL)).result === 'more');
    await fixture.admin.query(`update cell.keys set state_changed_at = now() - interval '1 hour'`);
    const raise = (leave: number, keyClass = 'blind_index:email') =>
      vault.keys.raiseFloor(TENANT, keyClass, 2, { leave });
    for (const leave of [0, 2])
      await expect(raise(leave)).rejects.toMatchObject({ extensions: { in_use: 1 } });
    await expect(raise(1, 'contact')).rejects.toMatchObject({ code: 'conflict' });
    await raise(1);
    expect(await versions('email')).toEqual({ 2: 2 });
    expect(await auditRows(fixture.admin, 'vault.floor_raised')).toMatchObject([
      { data: { version: 2, left: 1 } },
    ]);
  });
});

describe('rotating the index of upstream identities', () => {
  const keyFor = async (vault: Vault, sub: string) => ({
    tenantId: TENANT,
    kind: 'upstream' as const,
    indexes: await vault.blindIndexes({
      tenantId: TENANT,
      field: 'upstream',
      value: ['http://op.test', sub],
    }),
  });
  const signIn = async (vault: Vault, sub: string) => {
    const key = await keyFor(vault, sub);
    const found = await fixture.cell.inTenant(TENANT, (tx) => findPersonByIdentifier(tx, key));
    if (found) return found.subjectId;
    const made = await fixture.cell
      .inTenant(TENANT, async (tx) => {
        const person = await insertPerson(tx, key);
        if (!person) throw new Error('made meanwhile');
        return person;
      })
      .catch(() => fixture.cell.inTenant(TENANT, (tx) => findPersonByIdentifier(tx, key)));
    return made?.subjectId;
  };

  it('knows people by their old index, moves it when they come, and is done when all have come', async () => {
    const before = await Promise.all(['a', 'b'].map((sub) => signIn(fixture.vault, sub)));
    const vault = forgetfulVault(fixture);
    await vault.rotation.start({ ...UPSTREAM, ...AT_ONCE });
    expect(await vault.rotation.step(UPSTREAM)).toMatchObject({ result: 'waiting' });
    expect(await signIn(vault, 'a')).toBe(before[0]);
    expect(await versions('upstream')).toEqual({ 1: 2, 2: 1 });
    expect(await vault.keys.rotations(TENANT)).toMatchObject([{ state: 'migrating', remaining: 1 }]);
    await expect(vault.keys.raiseFloor(TENANT, 'blind_index:upstream', 2)).rejects.toMatchObject({
      extensions: { in_use: 1 },
    });
    expect(await signIn(vault, 'b')).toBe(before[1]);
    await finish(vault, 'blind_index', 'upstream');
    await vault.keys.raiseFloor(TENANT, 'blind_index:upstream', 2);
    expect(await versions('upstream')).toEqual({ 2: 2 });
    expect(await signIn(vault, 'a')).toBe(before[0]);
  });

  it('never makes two people of one, however old and new processes mix', async () => {
    await signIn(fixture.vault, 'first');
    const stale = processThatRemembers();
    await signIn(stale, 'first');
    const fresh = forgetfulVault(fixture);
    await fresh.rotation.start({ ...UPSTREAM, ...AT_ONCE });
    await fresh.rotation.step(UPSTREAM);
    for (let round = 0; round < 10; round += 1) {
      const vaults = [stale, fresh, stale, fresh, stale, fresh];
      const people = await Promise.all(vaults.map((vault) => signIn(vault, `person-${round}`)));
      expect(new Set(people).size).toBe(1);
      expect(people[0]).toBeDefined();
    }
  });
});
