import { beforeEach, describe, expect, it } from 'vitest';
import type { Vault } from '../../src/cell/vault/vault.ts';
import { auditRows, type CellFixture, createCellFixture, store, TENANT } from '../support/cell-fixture.ts';
import { coreCli } from '../support/core-cli.ts';
import { AT_ONCE, addPeople, finish, forgetfulVault, rotate } from '../support/rotation-fixture.ts';

let fixture: CellFixture;
let vault: Vault;
let people: string[];
let damaged: string[];
let names: string[];

/** Five people of whom two have a damaged data key, after a rotation that had to leave these. */
beforeEach(async () => {
  fixture = await createCellFixture();
  vault = forgetfulVault(fixture);
  people = await addPeople(fixture, 5);
  damaged = people.slice(1, 3);
  await fixture.admin.query(
    `update cell_keys.subject_keys set wrapped_dek = set_byte(wrapped_dek, 20, get_byte(wrapped_dek, 20) # 1)
     where class = 'identity' and subject_id = any ($1)`,
    [damaged],
  );
  const refs = await fixture.admin.query<{ audit_ref: string }>(
    'select audit_ref from cell.people where subject_id = any ($1) order by 1',
    [damaged],
  );
  names = refs.map((row) => row.audit_ref);
  await rotate(vault, 'kek', 'identity');
  return () => fixture.drop();
});

const raise = () => vault.keys.raiseFloor(TENANT, 'identity', 2);
const quarantine = () => vault.keys.quarantine;

describe('data keys that do not open', () => {
  it('are named by count, version and the people of the audit log, without touching them', async () => {
    expect(await quarantine().find(TENANT, 'identity')).toEqual([
      { version: 1, reason: 'damaged', keys: 2, people: names },
    ]);
    expect(await quarantine().find(TENANT, 'contact')).toEqual([]);
    await expect(raise()).rejects.toMatchObject({ code: 'conflict', extensions: { in_use: 2 } });
  });

  it('are set aside when their number is known, written down, and keep no version open any more', async () => {
    for (const count of [0, 1, 3])
      await expect(quarantine().setAside(TENANT, 'identity', count)).rejects.toMatchObject({
        code: 'conflict',
        extensions: { unreadable: 2 },
      });
    await quarantine().setAside(TENANT, 'identity', 2);
    const identity = (await vault.keys.status(TENANT)).keys.filter((key) => key.class === 'identity');
    expect(identity).toMatchObject([
      { version: 1, inUse: 0, quarantined: 2 },
      { version: 2, inUse: 3, quarantined: 0 },
    ]);
    expect(await auditRows(fixture.admin, 'vault.quarantined')).toMatchObject([
      { data: { class: 'identity', keys: 2 } },
    ]);
    await raise();
    await vault.keys.destroy(TENANT, 'identity', 1);
    const rows = await fixture.admin.query(
      `select 1 from cell_keys.subject_keys where class = 'identity' and kek_version = 1`,
    );
    expect(rows).toHaveLength(2);
  });

  it('of others are not touched, nor those of a version that is merely closed', async () => {
    await fixture.admin.query(
      `update cell.keys set state = 'disabled' where class = 'identity' and version = 1`,
    );
    await fixture.admin.query(
      `update cell_keys.subject_keys set kek_version = 1 where class = 'identity' and subject_id = $1`,
      [people[0]],
    );
    expect(await quarantine().find(TENANT, 'identity')).toMatchObject([
      { version: 1, reason: 'closed', keys: 3 },
    ]);
    await expect(quarantine().setAside(TENANT, 'identity', 3)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('can be taken back and mended: the next rotation moves them', async () => {
    await quarantine().setAside(TENANT, 'identity', 2);
    expect(await quarantine().lift(TENANT, 'identity')).toBe(2);
    expect(await quarantine().lift(TENANT, 'identity')).toBe(0);
    expect(await auditRows(fixture.admin, 'vault.quarantine_lifted')).toHaveLength(1);
    await fixture.admin.query(
      `update cell_keys.subject_keys set wrapped_dek = set_byte(wrapped_dek, 20, get_byte(wrapped_dek, 20) # 1)
       where class = 'identity' and subject_id = any ($1)`,
      [damaged],
    );
    await vault.rotation.start({ tenantId: TENANT, kind: 'kek', class: 'identity', ...AT_ONCE });
    await finish(vault, 'kek', 'identity');
    expect(await vault.keys.status(TENANT)).toMatchObject({ rotations: [{ remaining: 0, unreadable: 0 }] });
    for (const person of damaged) expect(await vault.openOwn(TENANT, person)).toHaveLength(2);
  });

  it('do not keep their people from storing anew once they are set aside', async () => {
    const [person] = damaged as [string];
    const again = () => store({ ...fixture, vault }, person, { 'profile:name': 'Sample Again' });
    await expect(again()).rejects.toMatchObject({ code: 'integrity_error' });
    await quarantine().setAside(TENANT, 'identity', 2);
    await expect(vault.openOwn(TENANT, person)).rejects.toMatchObject({ code: 'integrity_error' });
    await again();
    expect(await vault.openOwn(TENANT, person)).toMatchObject([{}, { value: 'Sample Again' }]);
  });

  it('are dealt with on the command line', async () => {
    const cli = coreCli(fixture);
    try {
      const keys = (...args: string[]) =>
        cli.run(['keys', ...args], { settings: { USERREF_KMS: `file:${fixture.keyFile}` } });
      const listed = await keys('unreadable', '--class', 'identity');
      expect(listed.stdout).toContain('identity v1: 2 data key(s) do not open (damaged)');
      for (const name of names) expect(listed.stdout).toContain(name);
      for (const person of people) expect(listed.stdout).not.toContain(person);
      expect(await keys('quarantine', '--class', 'identity')).toMatchObject({ code: 2 });
      expect(await keys('quarantine', '--class', 'identity', '--count', '1')).toMatchObject({ code: 1 });
      expect(await keys('quarantine', '--class', 'identity', '--count', '2')).toMatchObject({ code: 0 });
      expect((await keys('status')).stdout).toMatch(
        /^identity +v1 {2}decrypt_only {2}0 in use, 2 set aside$/m,
      );
      expect(
        JSON.parse((await keys('quarantine', '--class', 'identity', '--lift', '--json')).stdout),
      ).toEqual({
        class: 'identity',
        taken_back: 2,
      });
    } finally {
      cli.remove();
    }
  });
});
