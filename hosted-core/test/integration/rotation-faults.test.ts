import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyContext, KeyWrapper, WrappedKey } from '../../src/cell/kms/key-wrapper.ts';
import { resilientDriver } from '../../src/cell/kms/resilient-driver.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import { Database } from '../../src/database/database.ts';
import { UserrefError } from '../../src/errors/userref-error.ts';
import { addPerson, type CellFixture, createCellFixture, store, TENANT } from '../support/cell-fixture.ts';
import { ManualTiming } from '../support/manual-timing.ts';

let fixture: CellFixture;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());

/** The key service as the vault sees it, with a fault that the test switches on. */
class FaultyService implements KeyWrapper {
  fault: 'none' | 'away' | 'throttles' | 'hangs' = 'none';
  readonly calls: string[] = [];

  async wrap(plain: Buffer, context: KeyContext): Promise<WrappedKey> {
    await this.#suffer(context);
    return fixture.keyWrapper.wrap(plain, context);
  }

  async unwrap(wrapped: WrappedKey, context: KeyContext): Promise<Buffer> {
    await this.#suffer(context);
    return fixture.keyWrapper.unwrap(wrapped, context);
  }

  async #suffer({ tenant, class: keyClass }: KeyContext): Promise<void> {
    this.calls.push(`${tenant}|${keyClass}`);
    if (this.fault === 'hangs' && tenant === TENANT) await new Promise(() => {});
    if (this.fault === 'away' || this.fault === 'throttles')
      throw new UserrefError('service_unavailable', { retryAfterSeconds: 5, logDetail: this.fault });
    // A network call does not answer in the same turn.
    await new Promise((done) => setTimeout(done, 5));
  }
}

function vaultWith(options: { timing?: ManualTiming; database?: Database } = {}) {
  const service = new FaultyService();
  const { timing, database = fixture.cell } = options;
  const driver = {
    rootKeyId: 'faulty',
    wrap: service.wrap.bind(service),
    unwrap: service.unwrap.bind(service),
  };
  const keyWrapper = resilientDriver(driver, timing && { timing });
  const vault = new Vault({ database, keyWrapper, region: 'eu', ...(timing && { timing }) });
  return { service, vault };
}

async function personWith(values: Record<string, unknown>, tenantId = TENANT): Promise<string> {
  const person = await addPerson(fixture.admin, tenantId);
  await store(fixture, person, values, tenantId);
  return person;
}

const address = { street_address: 'Sample Street 1', locality: 'Tartu', country: 'EE' };
const unavailable = { code: 'service_unavailable', status: 503, retryAfterSeconds: 5 };

describe('when the key service is away', () => {
  it('keys at hand serve until their time is over, then the answer is 503 with a time to retry', async () => {
    const person = await personWith({ 'profile:name': 'Sample' });
    const timing = new ManualTiming();
    const { service, vault } = vaultWith({ timing });
    expect(await vault.openOwn(TENANT, person)).toHaveLength(1);
    service.fault = 'away';
    timing.pass(59_999);
    expect(await vault.openOwn(TENANT, person)).toHaveLength(1);
    // The data key has to be unwrapped again; the key-encryption key is at hand for longer.
    timing.pass(200_000);
    expect(await vault.openOwn(TENANT, person)).toHaveLength(1);
    timing.pass(300_000);
    await expect(vault.openOwn(TENANT, person)).rejects.toMatchObject(unavailable);
    service.fault = 'none';
    expect(await vault.openOwn(TENANT, person)).toHaveLength(1);
  });

  it('a cold process answers 503, and writes nothing in the clear or under another key', async () => {
    const person = await personWith({ 'profile:name': 'Sample' });
    const canary = `canary${randomBytes(8).toString('hex')}`;
    const { service, vault } = vaultWith();
    service.fault = 'away';
    await expect(vault.openOwn(TENANT, person)).rejects.toMatchObject(unavailable);
    await expect(store({ ...fixture, vault }, person, { 'profile:name': canary })).rejects.toMatchObject(
      unavailable,
    );
    const { epoch } = await vault.readOwn({ tenantId: TENANT, subjectId: person });
    expect(epoch).toBe(1);
    expect(await fixture.coldVault().openOwn(TENANT, person)).toMatchObject([{ value: 'Sample' }]);
  });

  it('a rotation stops where it is, loses nothing, and goes on afterwards', async () => {
    const person = await personWith({ 'address:billing': address });
    const { service, vault } = vaultWith();
    const rotation = { tenantId: TENANT, kind: 'kek', class: 'address' } as const;
    await vault.rotation.start({ ...rotation, graceSeconds: 0, settleSeconds: 0 });
    service.fault = 'away';
    await expect(vault.rotation.step(rotation)).rejects.toMatchObject(unavailable);
    expect(await vault.keys.rotations(TENANT)).toMatchObject([{ remaining: 1, unreadable: 0, moved: 0 }]);
    expect(await fixture.coldVault().openOwn(TENANT, person)).toHaveLength(1);
    service.fault = 'none';
    expect(await vault.rotation.step(rotation)).toMatchObject({ result: 'more', batch: { moved: 1 } });
    expect(await vault.rotation.step(rotation)).toMatchObject({ result: 'finished' });
    await expect(vaultAway().rotation.start({ ...rotation, graceSeconds: 0 })).rejects.toMatchObject(
      unavailable,
    );
    expect(await vault.keys.rotations(TENANT)).toMatchObject([{ state: 'finished' }]);
  });

  function vaultAway(): Vault {
    const { service, vault } = vaultWith();
    service.fault = 'away';
    return vault;
  }
});

describe('when 1,000 readers miss at once', () => {
  it('each key is asked for once, and each reader gets their answer', async () => {
    const person = await personWith({
      'profile:name': 'A',
      'contact:phone': '+3725555555',
      'address:shipping': address,
    });
    const { service, vault } = vaultWith();
    const own = await vault.readOwn({ tenantId: TENANT, subjectId: person });
    const read = () => vault.openReleased({ tenantId: TENANT, subjectId: person, ...own });
    const answers = await Promise.all(Array.from({ length: 1_000 }, read));
    for (const answer of answers) expect(answer).toHaveLength(3);
    expect(service.calls.toSorted()).toEqual(['acme|address', 'acme|contact', 'acme|identity']);
  });

  it('and the service throttles, each key is still asked for once, and all get 503', async () => {
    const person = await personWith({ 'profile:name': 'A' });
    const { service, vault } = vaultWith();
    service.fault = 'throttles';
    const own = await vault.readOwn({ tenantId: TENANT, subjectId: person });
    const read = () =>
      vault
        .openReleased({ tenantId: TENANT, subjectId: person, ...own })
        .then(String, (error: UserrefError) => error.code);
    const answers = await Promise.all(Array.from({ length: 1_000 }, read));
    expect(new Set(answers)).toEqual(new Set(['service_unavailable']));
    expect(service.calls).toEqual(['acme|identity']);
  });
});

describe('when the key service hangs', () => {
  it('callers give up after 2 seconds, no connection is kept, and other tenants are served', async () => {
    const small = new Database({
      connectionString: fixture.cellUrl,
      applicationName: 'test-small',
      maxConnections: 2,
    });
    try {
      const timing = new ManualTiming();
      const { service, vault } = vaultWith({ timing, database: small });
      const [reader, stranger] = [
        await personWith({ 'profile:name': 'A' }),
        await personWith({ 'profile:name': 'B' }, 'other'),
      ];
      service.fault = 'hangs';
      const waiting = [
        ...Array.from({ length: 20 }, () => vault.openOwn(TENANT, reader)),
        ...Array.from({ length: 20 }, () => vault.prepareToStore(TENANT, ['profile:name'])),
      ].map((one) =>
        one.then(
          () => 'served',
          (error: UserrefError) => error,
        ),
      );
      while (timing.waiting === 0) await new Promise((done) => setTimeout(done, 5));
      // Forty callers wait; the pool of two is free for everybody else.
      for (let count = 0; count < 5; count += 1)
        expect(await vault.openOwn('other', stranger)).toHaveLength(1);
      timing.pass(1_999);
      expect(await Promise.race([waiting[0], 'still waiting'])).toBe('still waiting');
      timing.pass(1);
      for (const one of await Promise.all(waiting)) expect(one).toMatchObject(unavailable);
    } finally {
      await small.close();
    }
  });

  it('a rotation locks nobody while it waits for a key', async () => {
    const person = await personWith({ 'profile:name': 'A' });
    const timing = new ManualTiming();
    const { service, vault } = vaultWith({ timing });
    const rotation = { tenantId: TENANT, kind: 'dek', class: 'identity' } as const;
    await vault.rotation.start(rotation);
    service.fault = 'hangs';
    const step = vault.rotation.step(rotation).catch((error: UserrefError) => error);
    while (timing.waiting === 0) await new Promise((done) => setTimeout(done, 5));
    await fixture.admin.query('select 1 from cell.people where subject_id = $1 for update nowait', [person]);
    timing.pass(2_000);
    expect(await step).toMatchObject(unavailable);
  });

  it('a key that comes back wrong is not used', async () => {
    const person = await personWith({ 'profile:name': 'A' });
    for (const wrong of [randomBytes(32), randomBytes(16), Buffer.alloc(0)]) {
      const keyWrapper: KeyWrapper = {
        wrap: (plain, context) => fixture.keyWrapper.wrap(plain, context),
        unwrap: async () => Buffer.from(wrong),
      };
      const vault = new Vault({ database: fixture.cell, keyWrapper, region: 'eu' });
      await expect(vault.openOwn(TENANT, person)).rejects.toMatchObject({ code: 'integrity_error' });
      const late = { 'profile:name': 'B' };
      await expect(store({ ...fixture, vault }, person, late)).rejects.toMatchObject({
        code: 'integrity_error',
      });
    }
    expect(await fixture.coldVault().openOwn(TENANT, person)).toMatchObject([{ value: 'A' }]);
  });
});
