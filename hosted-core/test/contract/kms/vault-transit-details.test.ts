import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { committedDriver } from '../../../src/cell/kms/committed-driver.ts';
import { keyServiceOf } from '../../../src/cell/kms/key-service.ts';
import { vaultTransitDriver } from '../../../src/cell/kms/vault-transit.ts';
import { VaultTransitStub } from '../../support/kms-stubs/vault-transit-stub.ts';
import { call, context, errorOf } from '../../unit/kms/support.ts';

let stub: VaultTransitStub;
let folder: string;
let tokenFile: string;
let apiUrl: string;
beforeEach(async () => {
  stub = new VaultTransitStub();
  apiUrl = `${await stub.server.listen()}/v1`;
  stub.addKey('userref');
  folder = mkdtempSync(join(tmpdir(), 'userref-kms-'));
  tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, stub.token, { mode: 0o600 });
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await stub.server.close();
});

const bare = (more: { namespace?: string; keyName?: string } = {}) =>
  vaultTransitDriver({ apiUrl, mount: 'transit', keyName: 'userref', tokenFile, ...more });
const service = () => keyServiceOf(committedDriver(bare()), { region: 'eu', timeoutMs: 20_000 });

describe('rewrap by transit', () => {
  it('moves a blob to the newest version of the root key, and the vault never sees the key', async () => {
    const plain = randomBytes(32);
    const wrapped = await service().wrap(plain, context);
    stub.rotate('userref');
    const asked = stub.server.requests;
    const moved = await service().rewrap?.(wrapped, context);
    expect(stub.server.requests - asked).toBe(1);
    expect(wrapped.blob.toString('latin1')).toContain('vault:v1:');
    expect(moved?.blob.toString('latin1')).toContain('vault:v2:');
    stub.raiseFloor('userref', 2);
    if (!moved) throw new Error('nothing came back');
    expect(await service().unwrap(moved, context)).toEqual(plain);
  });

  it('leaves what is below the floor unreadable, and says that the key is refused', async () => {
    const wrapped = await service().wrap(randomBytes(32), context);
    stub.rotate('userref');
    stub.raiseFloor('userref', 2);
    const error = await errorOf(service().unwrap(wrapped, context));
    expect(error).toMatchObject({ code: 'service_unavailable', fault: 'denied' });
  });

  it('does not move a blob to another context', async () => {
    const wrapped = await service().wrap(randomBytes(32), context);
    const error = await errorOf(
      service().rewrap?.(wrapped, { ...context, tenant: 'other' }) ?? Promise.resolve(),
    );
    expect(error.code).toBe('integrity_error');
  });
});

describe('a transit key that was made without derived=true', () => {
  it('is found out: nothing opens under another context, and the check fails', async () => {
    stub.addKey('flat', { derived: false });
    const flat = bare({ keyName: 'flat' });
    const other = { ...context, tenant: 'other' };
    const wrapped = await committedDriver(flat).wrap(randomBytes(32), context, call);
    expect((await errorOf(committedDriver(flat).unwrap(wrapped, other, call))).code).toBe('integrity_error');
    const check = keyServiceOf(flat, { region: 'eu' }).check();
    expect(await errorOf(check)).toMatchObject({ logDetail: expect.stringContaining('another context') });
  });
});

describe('the token of transit', () => {
  it('is read anew for every call, since agents replace it', async () => {
    const one = bare();
    await one.wrap(randomBytes(32), context, call);
    writeFileSync(tokenFile, 'hvs.expired');
    expect(await errorOf(one.wrap(randomBytes(32), context, call))).toMatchObject({ fault: 'denied' });
    writeFileSync(tokenFile, stub.token);
    await one.wrap(randomBytes(32), context, call);
  });

  it('goes with a namespace when one is configured', async () => {
    stub.namespace = 'team-a';
    await bare({ namespace: 'team-a' }).wrap(randomBytes(32), context, call);
    expect(stub.server.problems).toEqual([]);
    await bare().wrap(randomBytes(32), context, call);
    expect(stub.server.problems).toEqual(['x-vault-namespace']);
  });
});

describe('answers of transit that are none', () => {
  it('are an outage: a page of a proxy in front of it', async () => {
    stub.server.fail('broken');
    expect(await errorOf(bare().wrap(randomBytes(32), context, call))).toMatchObject({
      fault: 'unavailable',
    });
  });
});
