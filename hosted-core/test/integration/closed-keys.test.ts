import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeyServiceError } from '../../src/cell/kms/key-service-error.ts';
import type { KeyWrapper } from '../../src/cell/kms/key-wrapper.ts';
import { KEY_STATE_SECONDS, ROOT_KEY_SECONDS } from '../../src/cell/vault/key-watch.ts';
import { openVault } from '../../src/cell/vault/open-vault.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import { parseKeyServiceAddress } from '../../src/config/key-service-address.ts';
import type { KeyServiceSettings } from '../../src/config/key-service-settings.ts';
import { addPerson, type CellFixture, createCellFixture, store, TENANT } from '../support/cell-fixture.ts';
import { VaultTransitStub } from '../support/kms-stubs/vault-transit-stub.ts';
import { ManualTiming } from '../support/manual-timing.ts';
import { AT_ONCE, finish } from '../support/rotation-fixture.ts';

const PROCESS = fileURLToPath(new URL('../support/reading-process.ts', import.meta.url));

let fixture: CellFixture;
let person: string;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());

const setState = (state: string) =>
  fixture.admin.query(
    `update cell.keys set state = $2 where tenant_id = $1 and class = 'identity' and version = 1`,
    [TENANT, state],
  );

/** The key service with a switch, and how often it was asked to open. */
class SwitchedService implements KeyWrapper {
  fault: KeyServiceError['fault'] | undefined;
  asked = 0;
  wrap: KeyWrapper['wrap'] = (plain, context) => fixture.keyWrapper.wrap(plain, context);
  unwrap: KeyWrapper['unwrap'] = async (wrapped, context) => {
    this.asked += 1;
    if (this.fault) throw new KeyServiceError(this.fault, 'as the test wants');
    return fixture.keyWrapper.unwrap(wrapped, context);
  };
}

describe('a process that has a key in memory', () => {
  let timing: ManualTiming;
  let service: SwitchedService;
  let vault: Vault;
  const read = () => vault.openOwn(TENANT, person);
  beforeEach(async () => {
    await setState('active');
    person = await addPerson(fixture.admin);
    await store(fixture, person, { 'profile:name': 'Sample' });
    timing = new ManualTiming();
    service = new SwitchedService();
    vault = new Vault({ database: fixture.cell, keyWrapper: service, region: 'eu', timing });
    expect(await read()).toHaveLength(1);
  });
  afterEach(() => setState('active'));

  it.each(['disabled', 'decrypt_only'])('looks at its state every two seconds: %s', async (state) => {
    await setState(state);
    timing.pass(KEY_STATE_SECONDS * 1_000 - 1);
    expect(await read()).toHaveLength(1);
    timing.pass(1);
    if (state === 'decrypt_only') expect(await read()).toHaveLength(1);
    else await expect(read()).rejects.toMatchObject({ code: 'integrity_error' });
  });

  it('opens again with a key that was enabled again', async () => {
    await setState('disabled');
    timing.pass(2_000);
    await expect(read()).rejects.toMatchObject({ code: 'integrity_error' });
    await setState('active');
    expect(await read()).toHaveLength(1);
  });

  it.each(['denied', 'damaged'] as const)(
    'is told within ten seconds that the root key is %s',
    async (fault) => {
      service.fault = fault;
      timing.pass(ROOT_KEY_SECONDS * 1_000);
      const code = fault === 'denied' ? 'service_unavailable' : 'integrity_error';
      await expect(read()).rejects.toMatchObject({ code });
      service.fault = undefined;
      expect(await read()).toHaveLength(1);
    },
  );

  it('asks half-way through without keeping readers, once, however many there are', async () => {
    timing.pass(5_000);
    const before = service.asked;
    await Promise.all(Array.from({ length: 200 }, read));
    expect(service.asked).toBe(before + 1);
    timing.pass(4_999);
    await read();
    expect(service.asked).toBe(before + 1);
    timing.pass(1);
    await read();
    expect(service.asked).toBe(before + 2);
  });

  it.each(['unavailable', 'throttled'] as const)(
    'serves on while the service is merely %s',
    async (fault) => {
      service.fault = fault;
      for (let passed = 0; passed < 290_000; passed += 10_000) {
        expect(await read()).toHaveLength(1);
        timing.pass(10_000);
      }
      timing.pass(10_000);
      await expect(read()).rejects.toMatchObject({ code: 'service_unavailable' });
    },
  );
});

describe('another process that has keys in memory', () => {
  let stub: VaultTransitStub;
  let folder: string;
  let keyService: KeyServiceSettings;
  let reader: ChildProcess;
  let answers: AsyncIterator<string>;
  let operator: Awaited<ReturnType<typeof openVault>>;

  const ask = async () => {
    reader.stdin?.write(`${person}\n`);
    return (await answers.next()).value as string;
  };
  /** Asks until the answer is another one. @returns it */
  const untilOther = async (known: string) => {
    const start = performance.now();
    for (;;) {
      const answer = await ask();
      if (answer !== known) return answer;
      // Keys stay in memory for minutes.
      if (performance.now() - start > 45_000) throw new Error(`still ${known} after 45 seconds`);
      await new Promise((done) => setTimeout(done, 100));
    }
  };

  beforeAll(async () => {
    stub = new VaultTransitStub();
    stub.addKey('userref');
    folder = mkdtempSync(join(tmpdir(), 'userref-kms-'));
    writeFileSync(join(folder, 'token'), stub.token, { mode: 0o600 });
    keyService = {
      address: parseKeyServiceAddress(`vault:${await stub.server.listen()}/v1/transit/keys/userref`),
      credentialsFile: join(folder, 'token'),
    };
    await fixture.admin.query(
      'delete from cell.users_pii; delete from cell_keys.subject_keys; delete from cell.keys',
    );
    operator = await openVault({ database: fixture.cell, region: 'eu', keyService });
    person = await addPerson(fixture.admin);
    await store({ ...fixture, vault: operator.vault }, person, { 'profile:name': 'Sample' });
    const argument = JSON.stringify({ databaseUrl: fixture.cellUrl, keyService, tenantId: TENANT });
    reader = spawn(process.execPath, ['--conditions=@userref/source', PROCESS, argument], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    answers = createInterface(reader.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]();
    expect((await answers.next()).value).toBe('ready');
  });
  afterAll(async () => {
    reader.kill();
    await once(reader, 'exit');
    await operator.keyService.close();
    await stub.server.close();
    rmSync(folder, { recursive: true });
  });

  it('refuses soon after a key being disabled, and serves again after', async () => {
    expect(await ask()).toBe('1 opened');
    await setState('disabled');
    expect(await untilOther('1 opened')).toBe('integrity_error');
    await setState('active');
    expect(await untilOther('integrity_error')).toBe('1 opened');
  });

  it('refuses soon after the floor being raised, what was not migrated', async () => {
    const before = await fixture.admin.query<{ wrapped_dek: Buffer }>(
      'select wrapped_dek from cell_keys.subject_keys',
    );
    await operator.vault.rotation.start({ tenantId: TENANT, kind: 'kek', class: 'identity', ...AT_ONCE });
    await finish(operator.vault, 'kek', 'identity');
    const set = 'update cell_keys.subject_keys set kek_version = $1, wrapped_dek = $2';
    const after = await fixture.admin.query<{ wrapped_dek: Buffer }>(
      'select wrapped_dek from cell_keys.subject_keys',
    );
    await fixture.admin.query(set, [1, before[0]?.wrapped_dek]);
    expect(await ask()).toBe('1 opened');
    await fixture.admin.query(`insert into cell.key_floors (tenant_id, region, class, min_decryption_version)
      values ('${TENANT}', 'eu', 'identity', 2)`);
    expect(await untilOther('1 opened')).toBe('integrity_error');
    await fixture.admin.query(set, [2, after[0]?.wrapped_dek]);
    expect(await ask()).toBe('1 opened');
  });

  it('refuses soon after the root key being disabled at the key service', async () => {
    expect(await ask()).toBe('1 opened');
    stub.server.fail('disabled');
    expect(await untilOther('1 opened')).toBe('service_unavailable');
    stub.server.heal();
    expect(await untilOther('service_unavailable')).toBe('1 opened');
  });
});
