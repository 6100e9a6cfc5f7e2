import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pkcs11js from 'pkcs11js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keyServiceOf } from '../../../src/cell/kms/key-service.ts';
import { createPkcs11Key, type Pkcs11Options, pkcs11Driver } from '../../../src/cell/kms/pkcs11.ts';
import { createSoftHsm, PIN, SOFT_HSM_MODULE, type SoftHsm, softHsmMissing } from '../../support/soft-hsm.ts';
import { call, context, errorOf } from '../../unit/kms/support.ts';

const plain = randomBytes(32);

describe.skipIf(softHsmMissing() !== undefined)('a PKCS#11 token', () => {
  let hsm: SoftHsm;
  beforeAll(async () => {
    hsm = createSoftHsm();
    await createPkcs11Key(options('root'));
  });
  afterEach(() => {
    hsm.fail('');
    hsm.writePin(PIN);
  });
  afterAll(() => hsm.close());

  function options(object: string, more: Partial<Pkcs11Options> = {}): Pkcs11Options {
    return { modulePath: hsm.faultyModule, token: hsm.token, object, pinFile: hsm.pinFile, ...more };
  }

  it('makes a key once, which does not leave the token and is good for nothing else', async () => {
    const driver = pkcs11Driver(options('root'));
    const wrapped = await driver.wrap(plain, context, call);
    await driver.close?.();
    await createPkcs11Key(options('root'));
    const again = pkcs11Driver(options('root'));
    expect(await again.unwrap(wrapped, context, call)).toEqual(plain);
    await again.close?.();
    const flags = inToken(hsm, (module, session) => {
      const [key] = findKeys(module, session, 'root');
      const read = (type: number) =>
        module.C_GetAttributeValue(session, key as Buffer, [{ type }])[0]?.value as Buffer;
      expect(() => read(pkcs11js.CKA_VALUE)).toThrow(/SENSITIVE/);
      return [pkcs11js.CKA_NEVER_EXTRACTABLE, pkcs11js.CKA_ALWAYS_SENSITIVE, pkcs11js.CKA_WRAP].map(
        (type) => read(type)[0],
      );
    });
    expect(flags).toEqual([1, 1, 0]);
  });

  it.each([
    ['that could leave the token', { extractable: true, bytes: 32 }, /could leave the token/],
    ['that is too short', { extractable: false, bytes: 16 }, /is not of 256 bits/],
  ])('refuses a key %s', async (label, { extractable, bytes }, message) => {
    inToken(hsm, (module, session) => generate(module, session, { label, extractable, bytes }));
    const error = await errorOf(pkcs11Driver(options(label)).wrap(plain, context, call));
    expect(error).toMatchObject({ fault: 'denied', logDetail: expect.stringMatching(message) });
  });

  it('refuses to choose between two keys of one name', async () => {
    for (let count = 0; count < 2; count += 1)
      inToken(hsm, (module, session) =>
        generate(module, session, { label: 'twin', extractable: false, bytes: 32 }),
      );
    const error = await errorOf(pkcs11Driver(options('twin')).wrap(plain, context, call));
    expect(error).toMatchObject({ fault: 'denied', logDetail: expect.stringContaining('several keys') });
  });

  it.each([
    ['no such key', () => options('missing'), 'denied', /holds no key missing/],
    ['no such token', () => options('root', { token: 'gone' }), 'unavailable', /no token gone/],
    [
      'no such module',
      () => options('root', { modulePath: '/nowhere.so' }),
      'denied',
      /nowhere.so cannot be loaded/,
    ],
    ['no PIN', () => options('root', { pinFile: undefined }), 'denied', /needs the PIN/],
  ] as const)('says so when there is %s', async (_what, make, fault, message) => {
    const error = await errorOf(pkcs11Driver(make()).wrap(plain, context, call));
    expect(error).toMatchObject({ fault, logDetail: expect.stringMatching(message) });
  });

  it('is tried with a wrong PIN once only, however many ask, and again when the PIN changes', async () => {
    hsm.writePin('000000');
    const driver = pkcs11Driver(options('root'));
    expect(await errorOf(driver.wrap(plain, context, call))).toMatchObject({
      fault: 'denied',
      logDetail: expect.stringContaining('CKR_PIN_INCORRECT'),
    });
    for (let count = 0; count < 5; count += 1)
      expect(await errorOf(driver.wrap(plain, context, call))).toMatchObject({
        logDetail: expect.stringContaining('is not tried again'),
      });
    hsm.writePin(PIN);
    await driver.wrap(plain, context, call);
    await driver.close?.();
  });

  it('is opened anew after its process was killed, once for all who ask', async () => {
    const service = keyServiceOf(pkcs11Driver(options('root')), { region: 'eu', timeoutMs: 20_000 });
    const wrapped = await service.wrap(plain, context);
    const [worker] = workers();
    expect(workers()).toHaveLength(1);
    process.kill(worker as number, 'SIGKILL');
    const back = await Promise.all(Array.from({ length: 20 }, () => service.unwrap(wrapped, context)));
    for (const one of back) expect(one).toEqual(plain);
    expect(workers()).toHaveLength(1);
    expect(workers()).not.toEqual([worker]);
    await service.close();
  });

  it.each([
    ['b3', 'CKR_SESSION_HANDLE_INVALID'],
    ['32', 'CKR_DEVICE_REMOVED'],
    ['101', 'CKR_USER_NOT_LOGGED_IN'],
  ])('is opened anew when the module answers %s (%s)', async (value) => {
    const service = keyServiceOf(pkcs11Driver(options('root')), { region: 'eu', timeoutMs: 20_000 });
    const wrapped = await service.wrap(plain, context);
    const before = workers();
    hsm.fail(`return ${value} 1`);
    expect(await service.unwrap(wrapped, context)).toEqual(plain);
    expect(workers()).toHaveLength(1);
    expect(workers()).not.toEqual(before);
    await service.close();
  });

  it('leaves no process behind when it hung or was closed', async () => {
    const service = keyServiceOf(pkcs11Driver(options('root')), { region: 'eu', timeoutMs: 4_000 });
    await service.check();
    hsm.fail('hang');
    await errorOf(service.wrap(plain, context));
    await expect.poll(workers).toEqual([]);
    hsm.fail('');
    await service.check();
    await service.close();
    await expect.poll(workers).toEqual([]);
  });

  it('shows the process with the module none of our settings', async () => {
    process.env['USERREF_CELL_DATABASE_URL'] = 'postgres://cell_app:secret@localhost/userref';
    const driver = pkcs11Driver(options('root'));
    await driver.wrap(plain, context, call);
    delete process.env['USERREF_CELL_DATABASE_URL'];
    const environment = readFileSync(`/proc/${workers()[0]}/environ`, 'utf8');
    expect(environment).toContain('SOFTHSM2_CONF=');
    expect(environment).not.toContain('USERREF_');
    await driver.close?.();
  });
});

/** Process ids of the workers that this process started. */
function workers(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isWorkerOfOurs(name))
    .map(Number);
}

/** One that has ended is there without a command line until somebody asked for its exit code. */
function isWorkerOfOurs(pid: string): boolean {
  try {
    const [, parent] = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return Number(parent) === process.pid && command.includes('pkcs11-worker');
  } catch {
    return false;
  }
}

/** Runs `work` in the token by the test's own hands. */
function inToken<T>(hsm: SoftHsm, work: (module: pkcs11js.PKCS11, session: Buffer) => T): T {
  const module = new pkcs11js.PKCS11();
  module.load(SOFT_HSM_MODULE);
  module.C_Initialize();
  try {
    const slot = module
      .C_GetSlotList(true)
      .find((one) => module.C_GetTokenInfo(one).label.trimEnd() === hsm.token);
    const session = module.C_OpenSession(
      slot as Buffer,
      pkcs11js.CKF_RW_SESSION | pkcs11js.CKF_SERIAL_SESSION,
    );
    module.C_Login(session, pkcs11js.CKU_USER, PIN);
    return work(module, session);
  } finally {
    module.C_Finalize();
    module.close();
  }
}

function findKeys(module: pkcs11js.PKCS11, session: Buffer, label: string): Buffer[] {
  module.C_FindObjectsInit(session, [{ type: pkcs11js.CKA_LABEL, value: label }]);
  const keys = module.C_FindObjects(session, 10);
  module.C_FindObjectsFinal(session);
  return keys;
}

function generate(
  module: pkcs11js.PKCS11,
  session: Buffer,
  { label, extractable, bytes }: { label: string; extractable: boolean; bytes: number },
): void {
  module.C_GenerateKey(session, { mechanism: pkcs11js.CKM_AES_KEY_GEN }, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_SECRET_KEY },
    { type: pkcs11js.CKA_KEY_TYPE, value: pkcs11js.CKK_AES },
    { type: pkcs11js.CKA_LABEL, value: label },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_SENSITIVE, value: true },
    { type: pkcs11js.CKA_EXTRACTABLE, value: extractable },
    { type: pkcs11js.CKA_ENCRYPT, value: true },
    { type: pkcs11js.CKA_DECRYPT, value: true },
    { type: pkcs11js.CKA_VALUE_LEN, value: bytes },
  ]);
}
