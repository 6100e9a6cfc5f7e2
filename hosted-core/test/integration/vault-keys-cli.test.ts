import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalKeyFile } from '../../src/cell/kms/local-key-file.ts';
import { type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { type CoreCli, coreCli } from '../support/core-cli.ts';
import { addPeople, forgetfulVault } from '../support/rotation-fixture.ts';

let fixture: CellFixture;
let cli: CoreCli;
beforeAll(async () => {
  const created = await createCellFixture();
  cli = coreCli(created);
  const keyWrapper = await openLocalKeyFile({ path: cli.file('vault.key'), whenMissing: 'create' });
  fixture = { ...created, keyWrapper };
  await addPeople({ ...fixture, vault: forgetfulVault(fixture) }, 5);
});
afterAll(async () => {
  await fixture.drop();
  cli.remove();
});

const run = (args: string[], options?: Parameters<CoreCli['run']>[1]) => cli.run(['keys', ...args], options);

describe('userref-core keys', () => {
  it('shows every version with its state and use, for people and for scripts', async () => {
    const people = await run(['status']);
    expect(people.stderr).toBe('');
    expect(people.stdout).toMatch(/^identity +v1 {2}active +5 in use$/m);
    const { keys, rotations } = JSON.parse((await run(['status', '--json'])).stdout);
    expect(keys.find((key: { class: string }) => key.class === 'contact')).toMatchObject({
      ...{ version: 1, state: 'active', in_use: 5, min_decryption_version: 1 },
    });
    expect(rotations).toEqual([]);
  });

  it('rotates, shows progress with an estimate, and stops watching at Ctrl-C without harm', async () => {
    const watched = await run(['rotate', '--class', 'identity', '--grace', '60', '--wait'], {
      interruptAfter: /in use in/,
    });
    expect(watched).toMatchObject({ code: 0, stderr: expect.stringContaining('goes on in the background') });
    expect(watched.stdout).toMatch(/kek identity → v2: published, in use in \d+ s; 5 to move/);
    const again = await run(['rotate', '--class', 'identity']);
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('conflict: A rotation (kek) of identity is under way'),
    });
    const status = await run(['status']);
    expect(status.stdout).toContain('kek identity → v2: published');
  });

  it('works on a rotation itself when asked to wait for it', async () => {
    const done = await run(['rotate', '--kind', 'dek', '--class', 'contact', '--wait', '--json']);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const last = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({
      kind: 'dek',
      class: 'contact',
      state: 'finished',
      remaining: 0,
      seconds_left: 0,
      moved: 5,
    });
  });

  it('refuses to raise the floor or destroy a key in use, with the count', async () => {
    await fixture.admin.query(`update cell.key_rotations set flip_at = now(), settled_at = now()`);
    const vault = forgetfulVault(fixture);
    await vault.rotation.step({ tenantId: TENANT, kind: 'kek', class: 'identity' });
    await fixture.admin.query(`update cell.keys set state_changed_at = now() - interval '1 hour'`);
    await fixture.admin.query(
      `update cell_keys.subject_keys set kek_version = 1 where class = 'identity' and subject_id in (select min(subject_id::text)::uuid from cell.people)`,
    );
    for (const command of ['raise-floor', 'destroy']) {
      const version = command === 'destroy' ? '1' : '2';
      const refused = await run([command, '--class', 'identity', '--version', version]);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('1 row(s) still need') });
    }
    await fixture.admin.query(`update cell_keys.subject_keys set kek_version = 2 where class = 'identity'`);
    expect(await run(['raise-floor', '--class', 'identity', '--version', '2'])).toMatchObject({ code: 0 });
    const destroyed = await run(['destroy', '--class', 'identity', '--version', '1', '--json']);
    expect(JSON.parse(destroyed.stdout)).toEqual({ class: 'identity', version: 1, state: 'destroyed' });
  });

  it('answers a wrong command line with code 2', async () => {
    expect(await run(['destroy', '--class', 'identity'])).toMatchObject({ code: 2 });
    expect(await run(['rotate', '--kind', 'all'])).toMatchObject({ code: 2 });
    expect(await run(['raise-floor', '--class', 'identity', '--version', 'two'])).toMatchObject({ code: 2 });
  });
});
