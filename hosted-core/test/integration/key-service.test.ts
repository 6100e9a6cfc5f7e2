import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCellHalf } from '../../src/cell/cell-half.ts';
import { openKeyService } from '../../src/cell/kms/key-service.ts';
import { KeyRing } from '../../src/cell/vault/key-ring.ts';
import { parseKeyServiceAddress } from '../../src/config/key-service-address.ts';
import type { KeyServiceSettings } from '../../src/config/key-service-settings.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { CoreGateway } from '../../src/wall/core-gateway.ts';
import { type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { VaultTransitStub } from '../support/kms-stubs/vault-transit-stub.ts';

const CLASSES = ['contact', 'identity', 'address'];

let fixture: CellFixture;
let stub: VaultTransitStub;
let folder: string;
let settings: KeyServiceSettings;
beforeAll(async () => {
  fixture = await createCellFixture();
  stub = new VaultTransitStub();
  stub.addKey('userref');
  folder = mkdtempSync(join(tmpdir(), 'userref-kms-'));
  writeFileSync(join(folder, 'token'), stub.token, { mode: 0o600 });
  settings = {
    address: parseKeyServiceAddress(`vault:${await stub.server.listen()}/v1/transit/keys/userref`),
    credentialsFile: join(folder, 'token'),
  };
  const ring = await coldRing();
  for (const name of CLASSES) await ring.active(TENANT, name);
});
afterEach(() => {
  stub.server.heal();
  expect(stub.server.problems).toEqual([]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stub.server.close();
  await fixture.drop();
});

/** The keys as another process has them: none in memory, its own view of the service. */
async function coldRing(): Promise<KeyRing> {
  const keyWrapper = await openKeyService(settings, { region: 'eu' });
  return new KeyRing({ database: fixture.cell, keyWrapper, region: 'eu' });
}

const outage = { code: 'service_unavailable', status: 503, retryAfterSeconds: expect.any(Number) };

describe('a key service that throttles', () => {
  it('is asked once a key for 1,000 readers that miss together, and once more for each refusal', async () => {
    const ring = await coldRing();
    const before = stub.server.requests;
    stub.server.fail('throttle', 2);
    const keys = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => ring.version(TENANT, CLASSES[index % 3] as string, 1)),
    );
    expect(keys).toHaveLength(1_000);
    expect(stub.server.requests - before).toBe(CLASSES.length + 2);
  });
});

describe('a key service that is away or hangs', () => {
  it.each(['outage', 'broken', 'hang', 'disabled'] as const)(
    'serves what is in memory and answers 503 for the rest (%s), with no other key in its place',
    async (fault) => {
      const ring = await coldRing();
      const warm = await ring.version(TENANT, 'contact', 1);
      stub.server.fail(fault);
      const cold = ring.version(TENANT, 'identity', 1);
      expect(await ring.version(TENANT, 'contact', 1)).toBe(warm);
      await expect(cold).rejects.toMatchObject(outage);
      await expect((await coldRing()).active('other', `new-${fault}`)).rejects.toMatchObject(outage);
      const made = await fixture.admin.query('select 1 from cell.keys where class = $1', [`new-${fault}`]);
      expect(made).toEqual([]);
      stub.server.heal();
      expect((await ring.version(TENANT, 'identity', 1)).version).toBe(1);
    },
  );

  it('gives back another key than it was given: nothing opens and nothing is stored', async () => {
    stub.server.fail('corrupt');
    await expect((await coldRing()).version(TENANT, 'contact', 1)).rejects.toMatchObject({
      code: 'integrity_error',
    });
  });
});

describe('the readiness of a cell', () => {
  it('is red while its key service is away, or keys are under a root key that it does not know', async () => {
    const createCell = async () =>
      createCellHalf(
        {
          databaseUrl: fixture.cellUrl,
          url: 'http://cell.test',
          region: 'eu',
          tenantId: TENANT,
          coreIssuer: 'http://core.test',
          keyService: settings,
          upstream: { issuer: 'http://localhost:1', clientId: 'cell', clientSecret: 'secret' },
          operator: { name: 'Test operator' },
          csrfKey: randomBytes(32),
          receiptSecret: randomBytes(32),
          logger: createLogger({ level: 'silent' }),
          trustedProxies: [],
        },
        {} as CoreGateway,
      );
    const keysOf = async (cell: Awaited<ReturnType<typeof createCell>>) => {
      const answer = await cell.app.inject({ url: '/readyz' });
      await cell.close();
      return (answer.json() as { checks: Record<string, string> }).checks['keys'];
    };
    expect(await keysOf(await createCell())).toBe('ok');
    stub.server.fail('outage');
    expect(await keysOf(await createCell())).toBe('failing');
    stub.server.heal();
    const rootKey = `update cell.keys set root_key_id = $1 where class = 'contact'`;
    await fixture.admin.query(rootKey, ['vault:elsewhere/keys/other']);
    expect(await keysOf(await createCell())).toBe('failing');
    await fixture.admin.query(rootKey, ['vault:transit/keys/userref']);
    expect(await keysOf(await createCell())).toBe('ok');
  });
});
