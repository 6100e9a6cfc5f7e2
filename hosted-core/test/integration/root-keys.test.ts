import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { keyServiceOf } from '../../src/cell/kms/key-service.ts';
import { KeyServiceError } from '../../src/cell/kms/key-service-error.ts';
import { openDriver } from '../../src/cell/kms/open-driver.ts';
import { createRootKey, openVault } from '../../src/cell/vault/open-vault.ts';
import { RootKeys } from '../../src/cell/vault/rotation/root-keys.ts';
import type { Vault } from '../../src/cell/vault/vault.ts';
import { parseKeyServiceAddress } from '../../src/config/key-service-address.ts';
import type { KeyServiceSettings, RootKeySettings } from '../../src/config/key-service-settings.ts';
import { auditRows, type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { type CoreCli, coreCli } from '../support/core-cli.ts';
import { VaultTransitStub } from '../support/kms-stubs/vault-transit-stub.ts';
import { AT_ONCE, addPeople, finish, valuesOf } from '../support/rotation-fixture.ts';
import { createSoftHsm, SOFT_HSM_MODULE, softHsmMissing } from '../support/soft-hsm.ts';
import { until } from '../support/until.ts';

let fixture: CellFixture;
let cli: CoreCli;
let people: string[];
let first: RootKeySettings;
let second: RootKeySettings;
const opened: { close(): Promise<void> }[] = [];

const fileKey = (name: string): RootKeySettings => ({
  address: { scheme: 'file', path: cli.file(name) },
});

/** A process with these settings, nothing in memory. */
async function processWith(keyService: KeyServiceSettings) {
  const open = await openVault({ database: fixture.cell, region: 'eu', keyService });
  opened.push(open.keyService);
  return open;
}

async function readAll(vault: Vault) {
  return Promise.all(people.map((person) => vault.openOwn(TENANT, person)));
}

async function rootsOf(): Promise<string[]> {
  const rows = await fixture.admin.query<{ root_key_id: string }>(
    'select distinct root_key_id from cell.keys order by 1',
  );
  return rows.map((row) => row.root_key_id);
}

const close = async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await fixture?.drop();
  cli?.remove();
};
afterAll(close);

/** People whose keys are in every state, all under the first root key. */
beforeEach(async () => {
  await close();
  fixture = await createCellFixture();
  cli = coreCli(fixture);
  [first, second] = [fileKey('first.key'), fileKey('second.key')];
  await createRootKey(first);
  await createRootKey(second);
  const { vault } = await processWith(first);
  people = await addPeople({ ...fixture, vault }, 3);
  await vault.rotation.start({ tenantId: TENANT, kind: 'kek', class: 'identity', ...AT_ONCE });
  await finish(vault, 'kek', 'identity');
  await fixture.admin.query(`update cell.keys set state_changed_at = now() - interval '1 hour'`);
  await vault.keys.raiseFloor(TENANT, 'identity', 2);
});

describe('changing the root key', () => {
  it('wraps every key anew, in whatever state, while everything opens', async () => {
    const [before, after] = [
      await processWith({ ...first, also: second }),
      await processWith({ ...second, also: first }),
    ];
    expect(await readAll(after.vault)).toEqual(await readAll(before.vault));
    const keys = await fixture.admin.query('select 1 from cell.keys');
    expect(await after.rootKeys.move(TENANT)).toEqual({ moved: keys.length, unreadable: 0, remaining: 0 });
    expect(await rootsOf()).toEqual([after.keyService.rootKeyId]);
    for (const keyService of [{ ...first, also: second }, { ...second, also: first }, second])
      expect(await readAll((await processWith(keyService)).vault)).toMatchObject(
        people.map((_, index) => [
          { value: valuesOf(index)['contact:email'] },
          { value: `Sample Person ${index}` },
        ]),
      );
    expect(await auditRows(fixture.admin, 'vault.root_key_changed')).toHaveLength(keys.length);
    await expect(readAll((await processWith(first)).vault)).rejects.toMatchObject({
      code: 'integrity_error',
    });
  });

  it('goes on where it was stopped', async () => {
    const main = await processWith({ ...second, also: first });
    let wraps = 0;
    const tired = new RootKeys({
      ...{ database: fixture.cell, region: 'eu' },
      keyService: {
        ...main.keyService,
        wrap: async (plain, context) => {
          wraps += 1;
          if (wraps > 2) throw new KeyServiceError('unavailable', 'is away');
          return main.keyService.wrap(plain, context);
        },
      },
    });
    await expect(tired.move(TENANT)).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(await rootsOf()).toHaveLength(2);
    expect(await readAll((await processWith({ ...second, also: first })).vault)).toHaveLength(3);
    const rest = await main.rootKeys.move(TENANT);
    expect(rest).toMatchObject({ unreadable: 0, remaining: 0 });
    expect(await main.rootKeys.move(TENANT)).toMatchObject({ moved: 0 });
    expect(await auditRows(fixture.admin, 'vault.root_key_changed')).toHaveLength(rest.moved + 2);
  });

  it.each(['opens nothing', 'holds another key'])('keeps the old wrap when the new one %s', async (fault) => {
    const { keyService } = await processWith({ ...second, also: first });
    const other = { tenant: TENANT, region: 'eu', class: 'identity', version: 9 };
    const rootKeys = new RootKeys({
      ...{ database: fixture.cell, region: 'eu' },
      keyService: {
        ...keyService,
        wrap: (_plain, context) =>
          keyService.wrap(Buffer.alloc(32, 7), fault === 'opens nothing' ? other : context),
      },
    });
    const moved = await rootKeys.move(TENANT).then(
      (result) => result.moved,
      (error: { code: string }) => error.code,
    );
    expect(moved).toBe(fault === 'opens nothing' ? 0 : 'service_unavailable');
    expect(await rootsOf()).toEqual([(await processWith(first)).keyService.rootKeyId]);
    expect(await readAll((await processWith(first)).vault)).toHaveLength(3);
  });

  it('counts a key that does not open, leaves it as it is, and says so', async () => {
    await fixture.admin.query(
      `update cell.keys set wrapped_key = set_byte(wrapped_key, 20, get_byte(wrapped_key, 20) # 1)
       where class = 'identity' and version = 1`,
    );
    const { rootKeys } = await processWith({ ...second, also: first });
    expect(await rootKeys.move(TENANT)).toMatchObject({ unreadable: 1, remaining: 1 });
  });

  it('may be done by two at once', async () => {
    const both = await Promise.all([1, 2].map(() => processWith({ ...second, also: first })));
    const results = await Promise.all(both.map(({ rootKeys }) => rootKeys.move(TENANT)));
    const keys = await fixture.admin.query('select 1 from cell.keys');
    expect(results.reduce((sum, { moved }) => sum + moved, 0)).toBe(keys.length);
    expect(await readAll((await processWith(second)).vault)).toHaveLength(3);
  });

  it('lets nobody with the database choose between the two root keys', async () => {
    const names = [
      (await processWith(first)).keyService.rootKeyId,
      (await processWith(second)).keyService.rootKeyId,
    ];
    await fixture.admin.query('update cell.keys set root_key_id = $1', [names[1]]);
    const { vault } = await processWith({ ...first, also: second });
    await expect(readAll(vault)).rejects.toMatchObject({ code: 'integrity_error' });
  });

  it('is refused between a root key and itself', async () => {
    await expect(processWith({ ...first, also: first })).rejects.toMatchObject({
      logDetail: expect.stringContaining('the same root key'),
    });
  });
});

describe('from a key file to a key service', () => {
  it.skipIf(softHsmMissing() !== undefined)('in a hardware security module', async () => {
    const hsm = createSoftHsm();
    try {
      const { token, pinFile } = hsm;
      const inToken: RootKeySettings = {
        address: { scheme: 'pkcs11', token, object: 'root', modulePath: SOFT_HSM_MODULE },
        credentialsFile: pinFile,
      };
      await createRootKey(inToken);
      // The process with the module may need longer for its start than a call may take.
      const warm = async (keyService: KeyServiceSettings) => {
        const open = await processWith(keyService);
        await until(() => open.keyService.check().catch(() => undefined), 'the security module');
        return open;
      };
      const moving = await warm({ ...inToken, also: first });
      expect(await moving.rootKeys.move(TENANT)).toMatchObject({ remaining: 0 });
      rmSync(cli.file('first.key'));
      expect(await readAll((await warm(inToken)).vault)).toHaveLength(3);
      await Promise.all(opened.splice(0).map((one) => one.close()));
    } finally {
      hsm.close();
    }
  });

  it('of the transit kind, and there to the newest version by its own rewrap', async () => {
    const stub = new VaultTransitStub();
    stub.addKey('userref');
    try {
      writeFileSync(cli.file('token'), stub.token, { mode: 0o600 });
      const transit: RootKeySettings = {
        address: parseKeyServiceAddress(`vault:${await stub.server.listen()}/v1/transit/keys/userref`),
        credentialsFile: cli.file('token'),
      };
      const moving = await processWith({ ...transit, also: first });
      const { moved } = await moving.rootKeys.move(TENANT);
      stub.rotate('userref');
      expect(await moving.rootKeys.move(TENANT)).toMatchObject({ moved: 0 });
      const driver = await openDriver(transit);
      const noWrap = {
        ...driver,
        wrap: () => Promise.reject(new KeyServiceError('denied', 'wraps nothing')),
      };
      const rootKeys = new RootKeys({
        ...{ database: fixture.cell, region: 'eu' },
        keyService: keyServiceOf(noWrap, { region: 'eu' }),
      });
      expect(await rootKeys.move(TENANT, { all: true })).toEqual({ moved, unreadable: 0, remaining: 0 });
      stub.raiseFloor('userref', 2);
      expect(await readAll((await processWith(transit)).vault)).toHaveLength(3);
      expect(stub.server.problems).toEqual([]);
      await Promise.all(opened.splice(0).map((one) => one.close()));
    } finally {
      await stub.server.close();
    }
  });
});

describe('a root key that is to go', () => {
  it('is refused with the count while keys are under it, and by a cell that does not know it', async () => {
    const { keyService, rootKeys } = await processWith({ ...second, also: first });
    const old = (await processWith(first)).keyService.rootKeyId;
    const { length } = await fixture.admin.query('select 1 from cell.keys');
    await expect(rootKeys.retire(TENANT, old)).rejects.toMatchObject({
      code: 'conflict',
      extensions: { in_use: length },
    });
    await expect(rootKeys.retire(TENANT, keyService.rootKeyId)).rejects.toMatchObject({ code: 'conflict' });
    const tooEarly = await processWith(second);
    await expect(tooEarly.rootKeys.refuseUnknown(TENANT)).rejects.toMatchObject({
      code: 'service_unavailable',
      logDetail: expect.stringContaining(`${old} (${length})`),
    });
    await rootKeys.move(TENANT);
    await rootKeys.retire(TENANT, old);
    await tooEarly.rootKeys.refuseUnknown(TENANT);
    expect(await auditRows(fixture.admin, 'vault.root_key_retired')).toMatchObject([
      { data: { root_key: old } },
    ]);
  });

  it('goes by the command line from beginning to end', async () => {
    const settings = {
      USERREF_KMS: `file:${cli.file('second.key')}`,
      USERREF_KMS_ALSO: `file:${cli.file('first.key')}`,
    };
    const keys = (...args: string[]) => cli.run(['keys', ...args], { settings });
    const old = (await processWith(first)).keyService.rootKeyId;
    const listed = await keys('root-keys');
    expect(listed.stdout).toMatch(new RegExp(`^${old}  \\d key\\(s\\)  opens only`, 'm'));
    expect(await keys('retire-root', old)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/conflict: \d key\(s\) are still under this root key/),
    });
    const moved = await keys('rotate-root');
    expect(moved).toMatchObject({ code: 0, stderr: '' });
    expect(moved.stdout).toMatch(/^moved identity v2$/m);
    expect(moved.stdout).toMatch(/0 left under another root key\.$/m);
    expect(JSON.parse((await keys('rotate-root', '--json')).stdout)).toEqual({
      moved: 0,
      unreadable: 0,
      remaining: 0,
    });
    expect(await keys('retire-root', old)).toMatchObject({ code: 0 });
  });
});
