import { beforeEach, describe, expect, it } from 'vitest';
import { RewrapRepository } from '../../src/cell/vault/rotation/rewrap-repository.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import {
  addPerson,
  auditRows,
  type CellFixture,
  createCellFixture,
  store,
  TENANT,
} from '../support/cell-fixture.ts';
import {
  AT_ONCE,
  addPeople,
  finish,
  forgetfulVault,
  gate,
  keysByVersion,
  rotate,
  valuesOf,
} from '../support/rotation-fixture.ts';

let fixture: CellFixture;
beforeEach(async () => {
  fixture = await createCellFixture();
  return () => fixture.drop();
});

const start = (vault: Vault, kind: 'kek' | 'dek' = 'kek', keyClass = 'identity') =>
  vault.rotation.start({ tenantId: TENANT, kind, class: keyClass, ...AT_ONCE });
const states = (keyClass = 'identity') =>
  fixture.admin.query<{ version: number; state: string }>(
    'select version, state from cell.keys where tenant_id = $1 and class = $2 order by version',
    [TENANT, keyClass],
  );

async function expectAllReadable(people: readonly string[], vault = forgetfulVault(fixture)): Promise<void> {
  for (const [index, person] of people.entries()) {
    const opened = await vault.openOwn(TENANT, person);
    expect(Object.fromEntries(opened.map((one) => [one.attribute, one.value]))).toEqual(valuesOf(index));
  }
}

describe('rotating a key-encryption key', () => {
  it('wraps every data key anew, touches no value, and is written down', async () => {
    const people = await addPeople(fixture, 7);
    const values = () =>
      fixture.admin.query('select value_enc, row_rev from cell.users_pii order by subject_id, attribute');
    const before = await values();
    await rotate(forgetfulVault(fixture, { rotationBatch: { kek: 3 } }), 'kek', 'identity');
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 2: 7 });
    expect(await keysByVersion(fixture, 'contact')).toEqual({ 1: 7 });
    expect(await values()).toEqual(before);
    expect(await states()).toEqual([
      { version: 1, state: 'decrypt_only' },
      { version: 2, state: 'active' },
    ]);
    await expectAllReadable(people);
    for (const action of ['vault.rotation_started', 'vault.key_rotated', 'vault.rotation_finished'])
      expect((await auditRows(fixture.admin, action)).map((row) => row.data.class)).toEqual(['identity']);
  });

  it('publishes the new key for its time before anything uses it', async () => {
    const people = await addPeople(fixture, 1);
    const vault = forgetfulVault(fixture);
    await vault.rotation.start({ tenantId: TENANT, kind: 'kek', class: 'identity', graceSeconds: 300 });
    const step = await vault.rotation.step({ tenantId: TENANT, kind: 'kek', class: 'identity' });
    expect(step).toMatchObject({ result: 'waiting' });
    expect((step as { ms: number }).ms).toBeGreaterThan(200_000);
    expect(await states()).toEqual([
      { version: 1, state: 'active' },
      { version: 2, state: 'pre_active' },
    ]);
    await store({ ...fixture, vault }, await addPerson(fixture.admin), { 'profile:name': 'Sample' });
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 1: 2 });
    await expectAllReadable(people);
  });

  it('is one at a time: the second rotator gets a conflict, and one key is active', async () => {
    await addPeople(fixture, 1);
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => start(forgetfulVault(fixture))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of results)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' });
    await expect(start(forgetfulVault(fixture))).rejects.toMatchObject({ code: 'conflict' });
    const steps = await Promise.all(
      Array.from({ length: 4 }, () =>
        forgetfulVault(fixture).rotation.step({ tenantId: TENANT, kind: 'kek', class: 'identity' }),
      ),
    );
    expect(steps.length).toBe(4);
    expect((await states()).filter(({ state }) => state === 'active')).toEqual([
      { version: 2, state: 'active' },
    ]);
    await finish(forgetfulVault(fixture), 'kek', 'identity').catch(() => {});
    await start(forgetfulVault(fixture));
    expect((await states()).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('shares its work among rotators that run at once, and moves each key once', async () => {
    const people = await addPeople(fixture, 30);
    await start(fixture.vault);
    const work = async (): Promise<number> => {
      const vault = forgetfulVault(fixture, { rotationBatch: { kek: 2 } });
      for (let moved = 0; ; ) {
        const step = await vault.rotation.step({ tenantId: TENANT, kind: 'kek', class: 'identity' });
        if (step.result === 'more') moved += step.batch.moved;
        else if (step.result === 'waiting') await new Promise((done) => setTimeout(done, 5));
        else return moved;
      }
    };
    const moved = await Promise.all([work(), work(), work()]);
    expect(moved.reduce((sum, one) => sum + one, 0)).toBe(30);
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 2: 30 });
    await expectAllReadable(people);
  });

  it('passes over a key row that somebody holds, and comes back for it', async () => {
    const people = await addPeople(fixture, 3);
    await start(fixture.vault);
    const [held, release] = [gate(), gate()];
    const holding = fixture.admin.inTransaction(async (tx) => {
      await tx.query('select 1 from cell_keys.subject_keys where subject_id = $1 for update', [people[1]]);
      held.open();
      await release.passed;
    });
    await held.passed;
    const vault = forgetfulVault(fixture);
    const step = () => vault.rotation.step({ tenantId: TENANT, kind: 'kek', class: 'identity' });
    expect(await step()).toMatchObject({ result: 'more', batch: { moved: 2 } });
    expect(await step()).toMatchObject({ result: 'waiting' });
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 1: 1, 2: 2 });
    release.open();
    await holding;
    await finish(vault, 'kek', 'identity');
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 2: 3 });
  });

  it('puts a new wrap only in the place of the one that it was made from', async () => {
    const [person] = await addPeople(fixture, 1);
    const swap = (change: object) =>
      fixture.cell.inTenant(TENANT, async (tx) => {
        const rows = await new RewrapRepository().lockBelow(tx, {
          tenantId: TENANT,
          class: 'identity',
          toVersion: 9,
          after: null,
          limit: 9,
        });
        const was = { ...(rows[0] as (typeof rows)[0]), ...change };
        const keys = [{ was, wrapped: Buffer.from('other') }];
        return new RewrapRepository().swap(tx, { tenantId: TENANT, class: 'identity', toVersion: 9, keys });
      });
    expect(await swap({ kek_version: 2 })).toBe(0);
    expect(await swap({ key_id: person })).toBe(0);
    expect(await swap({ version: 2 })).toBe(0);
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 1: 1 });
  });

  it('leaves a key that does not open, counts it, and moves the rest', async () => {
    const people = await addPeople(fixture, 4);
    await fixture.admin.query(
      `update cell_keys.subject_keys set wrapped_dek = decode(repeat('01', 61), 'hex') where subject_id = $1`,
      [people[1]],
    );
    const vault = forgetfulVault(fixture);
    await rotate(vault, 'kek', 'identity');
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 1: 1, 2: 3 });
    const { rotations } = await vault.keys.status(TENANT);
    expect(rotations).toMatchObject([{ state: 'finished', unreadable: 1, remaining: 1 }]);
    await expect(vault.keys.raiseFloor(TENANT, 'identity', 2)).rejects.toMatchObject({
      code: 'conflict',
      extensions: { in_use: 1 },
    });
  });

  it('tells how much is left and how long that will take', async () => {
    await addPeople(fixture, 6);
    const vault = forgetfulVault(fixture, { rotationBatch: { kek: 2 } });
    await start(vault);
    const rotation = async () => (await vault.keys.status(TENANT)).rotations[0];
    expect(await rotation()).toMatchObject({
      kind: 'kek',
      class: 'identity',
      remaining: 6,
      secondsLeft: null,
    });
    const step = () => vault.rotation.step({ tenantId: TENANT, kind: 'kek', class: 'identity' });
    await step();
    await fixture.admin.query(
      `update cell.key_rotations set window_at = clock_timestamp() - interval '8 seconds'`,
    );
    await step();
    const now = await rotation();
    expect(now).toMatchObject({ remaining: 2, moved: 4 });
    // Four keys in eight seconds and what the test took.
    expect(now?.per_second).toBeGreaterThan(0);
    expect(now?.per_second).toBeLessThanOrEqual(0.5);
    expect(now?.secondsLeft).toBe(Math.ceil(2 / (now?.per_second ?? 0)));
  });
});

describe('a process that has not heard of a rotation yet', () => {
  it('may write under the old key for a while, and that is moved too', async () => {
    await addPeople(fixture, 2);
    const stale = new Vault({ database: fixture.cell, keyWrapper: fixture.keyWrapper, region: 'eu' });
    await stale.prepareToStore(TENANT, ['profile:name', 'contact:email']);
    const other = forgetfulVault(fixture);
    await other.rotation.start({
      tenantId: TENANT,
      kind: 'kek',
      class: 'identity',
      graceSeconds: 0,
      settleSeconds: 60,
    });
    const step = () => other.rotation.step({ tenantId: TENANT, kind: 'kek', class: 'identity' });
    expect(await step()).toMatchObject({ result: 'more' });
    const late = await addPerson(fixture.admin);
    await store({ ...fixture, vault: stale }, late, { 'profile:name': 'Sample' });
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 1: 1, 2: 2 });
    expect(await forgetfulVault(fixture).openOwn(TENANT, late)).toHaveLength(1);
    // Not finished before the last such process must have heard.
    let result = await step();
    while (result.result === 'more') result = await step();
    expect(result).toMatchObject({ result: 'waiting' });
    await fixture.admin.query('update cell.key_rotations set settled_at = clock_timestamp()');
    await finish(other, 'kek', 'identity');
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 2: 3 });
  });

  it('moves on to the new key by itself once its time is over', async () => {
    await addPeople(fixture, 1);
    const lifetimes = { staleWriterSeconds: 0 };
    const stale = new Vault({
      database: fixture.cell,
      keyWrapper: fixture.keyWrapper,
      region: 'eu',
      lifetimes,
    });
    await stale.prepareToStore(TENANT, ['profile:name']);
    await rotate(forgetfulVault(fixture), 'kek', 'identity');
    const late = await addPerson(fixture.admin);
    await store({ ...fixture, vault: stale }, late, { 'profile:name': 'Sample' });
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 2: 2 });
  });

  it('can write nothing under a key that was disabled', async () => {
    await addPeople(fixture, 1);
    const stale = new Vault({ database: fixture.cell, keyWrapper: fixture.keyWrapper, region: 'eu' });
    await stale.prepareToStore(TENANT, ['profile:name']);
    const vault = forgetfulVault(fixture);
    await rotate(vault, 'kek', 'identity');
    await vault.keys.raiseFloor(TENANT, 'identity', 2);
    await store({ ...fixture, vault: stale }, await addPerson(fixture.admin), { 'profile:name': 'Sample' });
    expect(await keysByVersion(fixture, 'identity')).toEqual({ 2: 2 });
  });
});
