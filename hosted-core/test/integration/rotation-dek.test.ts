import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { ReencryptRepository } from '../../src/cell/vault/rotation/reencrypt-repository.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import { type CellFixture, createCellFixture, store, TENANT } from '../support/cell-fixture.ts';
import {
  AT_ONCE,
  addPeople,
  finish,
  forgetfulVault,
  gate,
  rotate,
  valuesOf,
} from '../support/rotation-fixture.ts';
import { until } from '../support/until.ts';

let fixture: CellFixture;
beforeEach(async () => {
  fixture = await createCellFixture();
  return () => fixture.drop();
});

const ROTATION = { tenantId: TENANT, kind: 'dek', class: 'identity' } as const;
const startRotation = (vault: Vault) => vault.rotation.start({ ...ROTATION, ...AT_ONCE });
const nameOf = async (subjectId: string, vault = forgetfulVault(fixture)) =>
  (await vault.openOwn(TENANT, subjectId)).find((one) => one.attribute === 'profile:name')?.value;

interface KeyFacts {
  version: number;
  key_id: string;
  encryptions: number;
}
const keysOf = (subjectId: string) =>
  fixture.admin.query<KeyFacts>(
    `select version, key_id, encryptions::int from cell_keys.subject_keys
     where subject_id = $1 and class = 'identity' order by version`,
    [subjectId],
  );
const valueRow = async (subjectId: string) =>
  (
    await fixture.admin.query<{ key_version: number; row_rev: number; value_enc: Buffer }>(
      `select key_version, row_rev, value_enc from cell.users_pii where subject_id = $1 and class = 'identity'`,
      [subjectId],
    )
  )[0];

describe('rotating data keys', () => {
  it('gives everybody a new key of the class, seals their values anew, and drops the old key', async () => {
    const people = await addPeople(fixture, 7);
    const before = await Promise.all(people.map(keysOf));
    const values = await Promise.all(people.map(valueRow));
    await rotate(forgetfulVault(fixture, { rotationBatch: { dek: 3 } }), 'dek', 'identity');
    for (const [index, person] of people.entries()) {
      const keys = await keysOf(person);
      expect(keys).toMatchObject([{ version: 2, encryptions: 1 }]);
      expect(keys[0]?.key_id).not.toBe(before[index]?.[0]?.key_id);
      const row = await valueRow(person);
      // Nobody wrote anything, so the revision stays.
      expect(row).toMatchObject({ key_version: 2, row_rev: 1 });
      expect(row?.value_enc.equals(values[index]?.value_enc as Buffer)).toBe(false);
      expect(await nameOf(person)).toBe(valuesOf(index)['profile:name']);
    }
    const contact = await fixture.admin.query(
      `select 1 from cell_keys.subject_keys where class = 'contact' and version = 1`,
    );
    expect(contact).toHaveLength(7);
  });

  it('can be done again, and counts on', async () => {
    const [person] = (await addPeople(fixture, 1)) as [string];
    await rotate(forgetfulVault(fixture), 'dek', 'identity');
    await rotate(forgetfulVault(fixture), 'dek', 'identity');
    expect(await keysOf(person)).toMatchObject([{ version: 3 }]);
    await store(fixture, person, { 'profile:name': 'Sample again' });
    expect(await valueRow(person)).toMatchObject({ key_version: 3, row_rev: 2 });
    expect(await nameOf(person)).toBe('Sample again');
  });

  it('is for classes of attributes only: what sites keep sealed has one key each, which must stay', async () => {
    for (const keyClass of ['sealed', 'blind_index:email', 'unknown']) {
      const started = fixture.vault.rotation.start({ ...ROTATION, class: keyClass, ...AT_ONCE });
      await expect(started).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  it('is one at a time for each class', async () => {
    await addPeople(fixture, 1);
    await startRotation(fixture.vault);
    await expect(startRotation(forgetfulVault(fixture))).rejects.toMatchObject({ code: 'conflict' });
    await forgetfulVault(fixture).rotation.start({ ...ROTATION, class: 'contact', ...AT_ONCE });
  });

  it('is seen at once by another process that has the old key at hand', async () => {
    const [person] = (await addPeople(fixture, 1)) as [string];
    const elsewhere = new Vault({ database: fixture.cell, keyWrapper: fixture.keyWrapper, region: 'eu' });
    const before = await elsewhere.readOwn({ tenantId: TENANT, subjectId: person });
    await elsewhere.openReleased({ tenantId: TENANT, subjectId: person, ...before });
    await rotate(fixture.vault, 'dek', 'identity');
    const after = await elsewhere.readOwn({ tenantId: TENANT, subjectId: person });
    // Reads that are under way are refused when the epoch moves, and this is no reason to.
    expect(after.epoch).toBe(before.epoch);
    expect(await nameOf(person, elsewhere)).toBe('Sample Person 0');
    // The old blob, put back by somebody who kept it, is nothing to a process that still knows its key.
    const old = before.sealed.values.find((one) => one.attribute === 'profile:name');
    const replayed = { ...after.sealed, values: [old as (typeof after.sealed.values)[0]] };
    await expect(
      elsewhere.openReleased({ tenantId: TENANT, subjectId: person, epoch: after.epoch, sealed: replayed }),
    ).rejects.toMatchObject({ code: 'integrity_error' });
  });

  it('leaves everything of a person whose value does not open, counts them, and moves the rest', async () => {
    const people = await addPeople(fixture, 3);
    await fixture.admin.query(
      `update cell.users_pii set value_enc = $2 where subject_id = $1 and class = 'identity'`,
      [people[1], randomBytes(146)],
    );
    const vault = forgetfulVault(fixture);
    await rotate(vault, 'dek', 'identity');
    expect(await vault.keys.rotations(TENANT)).toMatchObject([
      { state: 'finished', unreadable: 1, remaining: 1 },
    ]);
    expect(await keysOf(people[1] as string)).toMatchObject([{ version: 1 }]);
    expect(await keysOf(people[2] as string)).toMatchObject([{ version: 2 }]);
  });

  it('keeps a data key that a value still needs, though the person has a newer one', async () => {
    const [person] = (await addPeople(fixture, 1)) as [string];
    const vault = forgetfulVault(fixture);
    const quarantined = (at: string) =>
      fixture.admin.query(
        `update cell_keys.subject_keys set quarantined_at = ${at} where class = 'identity'`,
      );
    await quarantined('now()');
    await store({ ...fixture, vault }, person, { 'profile:given_name': 'Given' });
    await quarantined('null');
    const flipBit = () =>
      fixture.admin.query(
        `update cell.users_pii set value_enc = set_byte(value_enc, 100, get_byte(value_enc, 100) # 1)
         where attribute = 'profile:name'`,
      );
    await flipBit();
    const before = await keysOf(person);
    expect(before).toMatchObject([{ version: 1 }, { version: 2 }]);
    await rotate(vault, 'dek', 'identity');
    expect(await keysOf(person)).toEqual(before);
    await flipBit();
    expect(await nameOf(person)).toBe('Sample Person 0');
    await rotate(vault, 'dek', 'identity');
    expect(await keysOf(person)).toMatchObject([{ version: 3 }]);
  });

  it('does nothing for somebody who was erased meanwhile, and ends all the same', async () => {
    const people = await addPeople(fixture, 2);
    await startRotation(fixture.vault);
    await fixture.admin.query('delete from cell_keys.subject_keys where subject_id = $1', [people[0]]);
    await fixture.admin.query(`update cell.people set status = 'erased' where subject_id = $1`, [people[0]]);
    await finish(forgetfulVault(fixture), 'dek', 'identity');
    expect(await keysOf(people[0] as string)).toEqual([]);
    expect(await keysOf(people[1] as string)).toMatchObject([{ version: 2 }]);
  });
});

describe('a person who writes during re-encryption', () => {
  it('and was first is passed over, keeps their write, and is moved afterwards', async () => {
    const people = await addPeople(fixture, 2);
    const writer = people[0] as string;
    await startRotation(fixture.vault);
    const [written, commit] = [gate(), gate()];
    const writing = fixture.cell.inTenant(TENANT, async (tx) => {
      const values = [{ attribute: 'profile:name', value: 'My own words', source: 'person' }];
      await fixture.vault.storeAttributes(tx, { tenantId: TENANT, subjectId: writer, values });
      written.open();
      await commit.passed;
    });
    await written.passed;
    const vault = forgetfulVault(fixture);
    expect(await vault.rotation.step(ROTATION)).toMatchObject({ result: 'more', batch: { moved: 1 } });
    expect(await vault.rotation.step(ROTATION)).toMatchObject({ result: 'waiting' });
    commit.open();
    await writing;
    expect(await nameOf(writer)).toBe('My own words');
    await finish(vault, 'dek', 'identity');
    expect(await nameOf(writer)).toBe('My own words');
    expect(await valueRow(writer)).toMatchObject({ key_version: 2, row_rev: 2 });
  });

  it('and comes second waits for the batch and then writes under the new key', async () => {
    const [writer] = (await addPeople(fixture, 1)) as [string];
    await startRotation(fixture.vault);
    const [locked, go] = [gate(), gate()];
    let unwraps = 0;
    const slow = forgetfulVault(fixture, {
      keyWrapper: {
        wrap: (plain, context) => fixture.keyWrapper.wrap(plain, context),
        // The first time the key is fetched beforehand; the next time the batch has locked its people.
        unwrap: async (wrapped, context) => {
          unwraps += 1;
          if (unwraps > 1) {
            locked.open();
            await go.passed;
          }
          return fixture.keyWrapper.unwrap(wrapped, context);
        },
      },
    });
    const step = slow.rotation.step(ROTATION);
    await locked.passed;
    let stored = false;
    const writing = store(fixture, writer, { 'profile:name': 'My own words' }).then(() => {
      stored = true;
    });
    await until(async () => (await waitingForLocks()) > 0);
    expect(stored).toBe(false);
    go.open();
    expect(await step).toMatchObject({ result: 'more', batch: { moved: 1 } });
    await writing;
    expect(await nameOf(writer)).toBe('My own words');
    expect(await valueRow(writer)).toMatchObject({ key_version: 2, row_rev: 2 });
    expect(await keysOf(writer)).toMatchObject([{ version: 2, encryptions: 2 }]);
  });

  it('keeps their write by the comparison alone, were there no lock', async () => {
    const [person] = (await addPeople(fixture, 1)) as [string];
    const rows = new ReencryptRepository();
    const swap = (change: object) =>
      fixture.cell.inTenant(TENANT, async (tx) => {
        const [was] = await rows.values(tx, { tenantId: TENANT, class: 'identity', subjectIds: [person] });
        if (!was) throw new Error('no value');
        const value = { was: { ...was, ...change }, keyVersion: 7, valueEnc: was.value_enc };
        return rows.swap(tx, TENANT, [value]);
      });
    expect(await swap({ row_rev: 2 })).toBe(0);
    expect(await swap({ key_version: 2 })).toBe(0);
    expect(await valueRow(person)).toMatchObject({ key_version: 1 });
    expect(await swap({})).toBe(1);
  });

  it('never loses a write, however the two mix', async () => {
    const people = await addPeople(fixture, 4);
    const last = new Map<string, string>();
    let writing = true;
    const writer = async (person: string) => {
      for (let count = 0; writing; count += 1) {
        const value = `Sample ${count}`;
        await store(fixture, person, { 'profile:name': value });
        last.set(person, value);
        expect(await nameOf(person)).toBe(value);
      }
    };
    const writers = people.map(writer);
    const vault = forgetfulVault(fixture, { rotationBatch: { dek: 2 } });
    for (let round = 0; round < 8; round += 1) {
      await startRotation(vault);
      for (;;) {
        const step = await vault.rotation.step(ROTATION);
        if (step.result === 'finished') break;
        if (step.result === 'waiting') await new Promise((done) => setTimeout(done, 2));
      }
    }
    writing = false;
    await Promise.all(writers);
    for (const person of people) {
      expect(await nameOf(person)).toBe(last.get(person));
      expect(await keysOf(person)).toMatchObject([{ version: 9 }]);
    }
  });
});

async function waitingForLocks(): Promise<number> {
  const rows = await fixture.admin.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}
