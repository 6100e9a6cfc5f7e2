import { beforeEach, describe, expect, it } from 'vitest';
import {
  addPerson,
  auditRows,
  type CellFixture,
  createCellFixture,
  store,
  TENANT,
} from '../support/cell-fixture.ts';
import { addPeople, forgetfulVault, rotate } from '../support/rotation-fixture.ts';

let fixture: CellFixture;
beforeEach(async () => {
  fixture = await createCellFixture();
  return () => fixture.drop();
});

const key = async (version: number) =>
  (
    await fixture.admin.query<{ state: string; wrapped_key: Buffer | null }>(
      `select state, wrapped_key from cell.keys where tenant_id = $1 and class = 'identity' and version = $2`,
      [TENANT, version],
    )
  )[0];

describe('the floor of a class of keys', () => {
  it('is refused with the count while data keys need a version below it', async () => {
    await addPeople(fixture, 3);
    const vault = forgetfulVault(fixture);
    await vault.rotation.start({
      tenantId: TENANT,
      kind: 'kek',
      class: 'identity',
      graceSeconds: 0,
      settleSeconds: 0,
    });
    await expect(vault.keys.raiseFloor(TENANT, 'identity', 2)).rejects.toMatchObject({ code: 'conflict' });
    await vault.rotation.step({ tenantId: TENANT, kind: 'kek', class: 'identity' });
    await store({ ...fixture, vault }, await addPerson(fixture.admin), { 'profile:name': 'Sample' });
    await fixture.admin.query(
      `update cell_keys.subject_keys set kek_version = 1 where class = 'identity' and subject_id in
         (select subject_id from cell.people where tenant_id = $1 order by subject_id limit 2)`,
      [TENANT],
    );
    await expect(vault.keys.raiseFloor(TENANT, 'identity', 2)).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('2 row(s) still need versions below 2'),
      extensions: { in_use: 2 },
    });
  });

  it('is refused while a process may still write under the version before', async () => {
    await addPeople(fixture, 1);
    await rotate(forgetfulVault(fixture), 'kek', 'identity');
    const careful = forgetfulVault(fixture, { lifetimes: { staleWriterSeconds: 360 } });
    await expect(careful.keys.raiseFloor(TENANT, 'identity', 2)).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('a moment ago'),
    });
  });

  it('cannot be above the active version, nor go down', async () => {
    await addPeople(fixture, 1);
    const vault = forgetfulVault(fixture);
    await expect(vault.keys.raiseFloor(TENANT, 'identity', 2)).rejects.toMatchObject({ code: 'conflict' });
    await rotate(vault, 'kek', 'identity');
    await vault.keys.raiseFloor(TENANT, 'identity', 2);
    for (const floor of [1, 2]) {
      await expect(vault.keys.raiseFloor(TENANT, 'identity', floor)).rejects.toMatchObject({
        code: 'conflict',
      });
    }
    expect(await auditRows(fixture.admin, 'vault.floor_raised')).toMatchObject([{ data: { version: 2 } }]);
  });

  it('refuses what lies below it, told apart for operators and alike for callers', async () => {
    const [person] = (await addPeople(fixture, 1)) as [string];
    const before = await fixture.admin.query<{ wrapped_dek: Buffer }>(
      `select wrapped_dek from cell_keys.subject_keys where subject_id = $1 and class = 'identity'`,
      [person],
    );
    const vault = forgetfulVault(fixture);
    await rotate(vault, 'kek', 'identity');
    await vault.keys.raiseFloor(TENANT, 'identity', 2);
    // A restored backup, or somebody with the database in their hands, brings back the old state of all tables but one.
    await fixture.admin.query(
      `update cell_keys.subject_keys set kek_version = 1, wrapped_dek = $2 where subject_id = $1 and class = 'identity'`,
      [person, before[0]?.wrapped_dek],
    );
    await fixture.admin.query(
      `update cell.keys set state = 'decrypt_only' where class = 'identity' and version = 1`,
    );
    const error = await vault.openOwn(TENANT, person).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'integrity_error',
      message: 'integrity_error: Stored data failed its integrity check',
      logDetail: 'key identity version 1 is below the minimum decryption version 2',
    });
  });
});

describe('destroying a version of a key', () => {
  it('is refused with the count while it is in use', async () => {
    await addPeople(fixture, 3);
    await expect(forgetfulVault(fixture).keys.destroy(TENANT, 'identity', 1)).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('3 row(s) still need version 1'),
      extensions: { in_use: 3 },
    });
    expect(await key(1)).toMatchObject({ state: 'active' });
  });

  it('is refused before the floor is raised', async () => {
    await addPeople(fixture, 1);
    const vault = forgetfulVault(fixture);
    await rotate(vault, 'kek', 'identity');
    await expect(vault.keys.destroy(TENANT, 'identity', 1)).rejects.toMatchObject({ code: 'conflict' });
    await expect(vault.keys.destroy(TENANT, 'identity', 2)).rejects.toMatchObject({ code: 'conflict' });
    await expect(vault.keys.destroy(TENANT, 'identity', 3)).rejects.toMatchObject({ code: 'not_found' });
    expect((await key(1))?.wrapped_key).toBeInstanceOf(Buffer);
  });

  it('erases the wrapped bytes, once, and everything still opens', async () => {
    const people = await addPeople(fixture, 2);
    const vault = forgetfulVault(fixture);
    await rotate(vault, 'kek', 'identity');
    await vault.keys.raiseFloor(TENANT, 'identity', 2);
    await vault.keys.destroy(TENANT, 'identity', 1);
    await vault.keys.destroy(TENANT, 'identity', 1);
    expect(await key(1)).toEqual({ state: 'destroyed', wrapped_key: null });
    expect(await auditRows(fixture.admin, 'vault.key_destroyed')).toHaveLength(1);
    for (const person of people)
      expect(await forgetfulVault(fixture).openOwn(TENANT, person)).toHaveLength(2);
    const { keys } = await vault.keys.status(TENANT);
    expect(keys.filter((one) => one.class === 'identity')).toMatchObject([
      { version: 1, state: 'destroyed', inUse: 0, floor: 2 },
      { version: 2, state: 'active', inUse: 2, floor: 2 },
    ]);
  });

  it('and a writer in the middle of their transaction cannot pass each other', async () => {
    await addPeople(fixture, 1);
    const vault = forgetfulVault(fixture);
    await rotate(vault, 'kek', 'identity');
    // A writer that took version 1 for the active one, and has not committed.
    const stale = forgetfulVault(fixture, { lifetimes: { keySeconds: 300, staleWriterSeconds: 360 } });
    await fixture.admin.query(
      `update cell.keys set state = case version when 1 then 'decrypt_only' else 'pre_active' end where class = 'identity'`,
    );
    await fixture.admin.query(
      `update cell.keys set state = 'active' where class = 'identity' and version = 1`,
    );
    await stale.prepareToStore(TENANT, ['profile:name']);
    await fixture.admin.query(
      `update cell.keys set state = 'decrypt_only' where class = 'identity' and version = 1`,
    );
    await fixture.admin.query(
      `update cell.keys set state = 'active' where class = 'identity' and version = 2`,
    );
    const person = await addPerson(fixture.admin);
    const values = [{ attribute: 'profile:name', value: 'Sample', source: 'person' }];
    let floor: Promise<void> | undefined;
    await fixture.cell.inTenant(TENANT, async (tx) => {
      await stale.storeAttributes(tx, { tenantId: TENANT, subjectId: person, values });
      floor = vault.keys.raiseFloor(TENANT, 'identity', 2);
      floor.catch(() => {});
      await new Promise((done) => setTimeout(done, 50));
    });
    await expect(floor).rejects.toMatchObject({ code: 'conflict', extensions: { in_use: 1 } });
    expect(await forgetfulVault(fixture).openOwn(TENANT, person)).toHaveLength(1);
  });
});
