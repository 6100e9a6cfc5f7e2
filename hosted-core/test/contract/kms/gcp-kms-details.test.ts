import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gcpKmsDriver } from '../../../src/cell/kms/gcp-kms.ts';
import { GcpKmsStub } from '../../support/kms-stubs/gcp-kms-stub.ts';
import { call, context, errorOf } from '../../unit/kms/support.ts';

let stub: GcpKmsStub;
let folder: string;
let credentialsFile: string;
let keyName: string;
beforeEach(async () => {
  stub = new GcpKmsStub();
  stub.url = await stub.server.listen();
  keyName = stub.addKey('userref');
  folder = mkdtempSync(join(tmpdir(), 'userref-kms-'));
  credentialsFile = join(folder, 'account.json');
  writeFileSync(credentialsFile, stub.serviceAccount(), { mode: 0o600 });
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await stub.server.close();
});

const driver = () => gcpKmsDriver({ keyName, endpoint: stub.url, credentialsFile });
const wrap = () => driver().wrap(randomBytes(32), context, call);

describe('checksums of GCP KMS', () => {
  it('are refused when the service did not verify what it was sent', async () => {
    stub.checksumFault = 'unverified';
    expect(await errorOf(wrap())).toMatchObject({ code: 'integrity_error' });
  });

  it('are refused when the ciphertext was altered on its way back', async () => {
    stub.checksumFault = 'wrong sum';
    expect(await errorOf(wrap())).toMatchObject({ logDetail: expect.stringContaining('CRC-32C') });
  });

  it('are refused when the plain key was altered on its way back', async () => {
    const wrapped = await wrap();
    stub.checksumFault = 'wrong sum';
    const error = await errorOf(driver().unwrap(wrapped, context, call));
    expect(error).toMatchObject({ code: 'integrity_error', logDetail: expect.stringContaining('CRC-32C') });
  });

  it('do not hide that another key was used', async () => {
    stub.checksumFault = 'other key';
    expect(await errorOf(wrap())).toMatchObject({ code: 'integrity_error' });
  });
});

describe('access tokens of GCP', () => {
  it('are asked for once and used until they end, by callers that come together too', async () => {
    const one = driver();
    await Promise.all(Array.from({ length: 10 }, () => one.wrap(randomBytes(32), context, call)));
    await one.wrap(randomBytes(32), context, call);
    expect(stub.tokensGiven).toBe(1);
    expect(stub.server.problems).toEqual([]);
  });

  it('are renewed when the service does not take one before its time', async () => {
    const one = driver();
    await one.wrap(randomBytes(32), context, call);
    stub.revokeTokens();
    await one.wrap(randomBytes(32), context, call);
    expect(stub.tokensGiven).toBe(2);
  });

  it('come from the metadata server when no service account is configured', async () => {
    const plain = randomBytes(32);
    const one = gcpKmsDriver({ keyName, endpoint: stub.url, metadataUrl: stub.url });
    expect(await one.unwrap(await one.wrap(plain, context, call), context, call)).toEqual(plain);
    expect(stub.server.problems).toEqual([]);
  });

  it.each(['', 'hello', '{"type":"authorized_user","client_email":"x"}', '{"type":"service_account"}'])(
    'are not asked for with a file that is no key of a service account (case %#)',
    async (text) => {
      writeFileSync(credentialsFile, text);
      const error = await errorOf(wrap());
      expect(error).toMatchObject({ code: 'service_unavailable', fault: 'denied' });
      expect(stub.server.requests).toBe(0);
    },
  );

  it('are refused to an account that signs with another key', async () => {
    const stranger = new GcpKmsStub();
    stranger.url = stub.url;
    writeFileSync(credentialsFile, stranger.serviceAccount());
    expect(await errorOf(wrap())).toMatchObject({ fault: 'denied' });
    expect(stub.server.problems).toEqual(['assertion for a token']);
  });
});
