import { afterAll, describe, expect, it } from 'vitest';
import { KeyServiceError } from '../../src/cell/kms/key-service-error.ts';
import type { KeyWrapper } from '../../src/cell/kms/key-wrapper.ts';
import { KeyRing } from '../../src/cell/vault/key-ring.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import { ADDRESS, addPerson, auditRows, createCellFixture, store, TENANT } from '../support/cell-fixture.ts';

const fixture = await createCellFixture();

afterAll(() => fixture.drop());

describe('the key ring', () => {
  it('makes one key a tenant and class, however many processes start at once, and writes that down', async () => {
    const rings = Array.from(
      { length: 8 },
      () => new KeyRing({ database: fixture.cell, keyWrapper: fixture.keyWrapper, region: 'eu' }),
    );
    const keys = await Promise.all(rings.map((ring) => ring.active(TENANT, 'race')));
    for (const one of keys) expect(one.key.equals(keys[0]?.key as never)).toBe(true);
    const rows = await fixture.admin.query(`select state from cell.keys where class = 'race'`);
    expect(rows).toEqual([{ state: 'active' }]);
    const entries = await auditRows(fixture.admin, 'vault.key_created');
    expect(entries.filter((entry) => entry.data.class === 'race')).toHaveLength(1);
  });

  it('cannot have two active keys: the database refuses the second', async () => {
    await new KeyRing({ database: fixture.cell, keyWrapper: fixture.keyWrapper, region: 'eu' }).active(
      TENANT,
      'single',
    );
    const second = fixture.admin.query(
      `insert into cell.keys (tenant_id, region, class, version, root_key_id, wrapped_key) values ($1, 'eu', 'single', 2, 'x', 'x')`,
      [TENANT],
    );
    await expect(second).rejects.toMatchObject({ code: '23505' });
  });

  it('asks the key management service once for 1,000 readers that miss together', async () => {
    const person = await addPerson(fixture.admin);
    await store(fixture, person, { 'profile:name': 'Sample' });
    let unwraps = 0;
    const counting: KeyWrapper = {
      wrap: (plain, context) => fixture.keyWrapper.wrap(plain, context),
      unwrap: async (wrapped, context) => {
        unwraps += 1;
        await new Promise((done) => setTimeout(done, 20));
        return fixture.keyWrapper.unwrap(wrapped, context);
      },
    };
    const vault = new Vault({ database: fixture.cell, keyWrapper: counting, region: 'eu' });
    const own = await vault.readOwn({ tenantId: TENANT, subjectId: person });
    const read = () =>
      vault.openReleased({ tenantId: TENANT, subjectId: person, epoch: own.epoch, sealed: own.sealed });
    await Promise.all(Array.from({ length: 1_000 }, read));
    expect(unwraps).toBe(1);
  });

  it('serves from memory while the key management service is away, and answers 503 once that is over', async () => {
    const clock = { ms: 0 };
    const service = { away: false };
    const wrapper: KeyWrapper = {
      wrap: (plain, context) => fixture.keyWrapper.wrap(plain, context),
      unwrap: (wrapped, context) =>
        service.away
          ? Promise.reject(new KeyServiceError('unavailable', 'is away'))
          : fixture.keyWrapper.unwrap(wrapped, context),
    };
    const ring = new KeyRing({
      database: fixture.cell,
      keyWrapper: wrapper,
      region: 'eu',
      monotonicNow: () => clock.ms,
    });
    const { version } = await ring.active(TENANT, 'outage');
    service.away = true;
    clock.ms = 299_999;
    expect((await ring.version(TENANT, 'outage', version)).version).toBe(1);
    clock.ms = 300_000;
    const error = ring.version(TENANT, 'outage', version);
    await expect(error).rejects.toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 5 });
  });

  it('opens nothing with a key that is disabled or destroyed, and writes nothing under it', async () => {
    const person = await addPerson(fixture.admin, 'other');
    await store(fixture, person, { 'address:billing': ADDRESS }, 'other');
    for (const change of [`state = 'disabled'`, `state = 'destroyed', wrapped_key = null`]) {
      await fixture.admin.query(
        `update cell.keys set ${change} where tenant_id = 'other' and class = 'address'`,
      );
      await expect(fixture.coldVault().openOwn('other', person)).rejects.toMatchObject({
        code: 'integrity_error',
      });
      // This process has the key at hand yet, and takes it for the active one.
      const next = await addPerson(fixture.admin, 'other');
      await expect(store(fixture, next, { 'address:billing': ADDRESS }, 'other')).rejects.toMatchObject({
        code: 'service_unavailable',
      });
    }
  });
});
