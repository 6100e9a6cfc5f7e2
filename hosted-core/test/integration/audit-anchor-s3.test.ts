import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anchorNewest } from '../../src/audit/anchor-checkpoint.ts';
import type { Anchor } from '../../src/audit/anchors/anchor.ts';
import { s3Anchor } from '../../src/audit/anchors/s3-anchor.ts';
import { verifyStoredLog } from '../../src/audit/verify-stored-log.ts';
import { createTestChain } from '../support/audit-chain.ts';
import { ensureRadosgw, type Radosgw, startRadosgw } from '../support/radosgw.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const missing = ensureRadosgw();
const Bucket = 'audit';

describe.skipIf(missing !== undefined)('checkpoints in object storage with Object Lock (COMPLIANCE)', () => {
  let storage: Radosgw;
  let database: TestDatabase;
  let s3: S3Client;
  let anchor: Anchor;

  beforeAll(async () => {
    [storage, database] = await Promise.all([startRadosgw(), createTestDatabase()]);
    const { endpoint, credentials } = storage;
    s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1 });
    await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    anchor = await openAnchor(Bucket);
  }, 240_000);

  afterAll(async () => {
    await database?.drop();
    await storage?.close();
  });

  function openAnchor(bucket: string): Promise<Anchor> {
    const { endpoint, credentials } = storage;
    const now = () => new Date();
    return s3Anchor({ bucket, retentionDays: 1, region: 'us-east-1', endpoint, credentials, now });
  }

  async function versions(log: string) {
    const found = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: `userref-audit/${log}/` }));
    return found.Versions ?? [];
  }

  it('are kept once each, and found again', async () => {
    const own = createTestChain(database);
    const first = await own.grow(3);
    expect(await anchorNewest(own.chain, anchor)).toBe(3);
    expect(await anchorNewest(own.chain, anchor)).toBeUndefined();
    const second = await own.grow(4);
    expect(await anchorNewest(own.chain, anchor)).toBe(7);
    expect(await anchor.read?.(await own.log())).toEqual({ notes: [first, second], suspicions: [] });
    const verdict = await verifyStoredLog(own.chain, {
      publicKeys: await own.publicKeys(),
      anchors: [anchor],
    });
    expect(verdict).toEqual({ ok: true, size: 7, checkpoints: 4, suspicions: [] });
  });

  it('cannot be deleted before their time, nor have it shortened', async () => {
    const own = createTestChain(database);
    await own.grow(3);
    await anchorNewest(own.chain, anchor);
    const [version] = await versions(await own.log());
    const { Key, VersionId } = version ?? {};
    for (const BypassGovernanceRetention of [false, true]) {
      const command = new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention });
      await expect(s3.send(command)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    const sooner = { Mode: 'COMPLIANCE' as const, RetainUntilDate: new Date(Date.now() + 60_000) };
    const shorten = new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention: sooner });
    await expect(s3.send(shorten)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('are still found, with a warning, after a deletion and an overwrite that seem to succeed', async () => {
    const own = createTestChain(database);
    const note = await own.grow(3);
    await anchorNewest(own.chain, anchor);
    const [{ Key } = {}] = await versions(await own.log());
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged' }));
    const found = await anchor.read?.(await own.log());
    expect(found?.notes).toContain(note);
    expect(found?.suspicions).toEqual([
      expect.stringContaining('somebody deleted'),
      expect.stringContaining('somebody wrote over'),
    ]);
    const verdict = await verifyStoredLog(own.chain, {
      publicKeys: await own.publicKeys(),
      anchors: [anchor],
    });
    expect(verdict).toMatchObject({ ok: true, checkpoints: 2, suspicions: { length: 3 } });
  });

  it('give a log away that was thrown away and begun anew together with its checkpoints', async () => {
    const own = createTestChain(database);
    await own.grow(5);
    await anchorNewest(own.chain, anchor);
    const { tenantId } = own.chain;
    const sql = (text: string) => database.admin.query(text, [tenantId]);
    await sql('delete from cell.audit_entries where tenant_id = $1 and seq > 2');
    await sql('delete from cell.audit_checkpoints where tenant_id = $1');
    await sql(`update cell.audit_heads h set size = 2, head = e.leaf_hash, frontier = sha256('\\x01'::bytea || o.leaf_hash || e.leaf_hash)
      from cell.audit_entries e, cell.audit_entries o
      where h.tenant_id = $1 and e.tenant_id = $1 and e.seq = 2 and o.tenant_id = $1 and o.seq = 1`);
    const publicKeys = await own.publicKeys();
    expect(await verifyStoredLog(own.chain, { publicKeys })).toMatchObject({ ok: true, size: 2 });
    expect(await verifyStoredLog(own.chain, { publicKeys, anchors: [anchor] })).toMatchObject({
      ...{ ok: false, seq: 3 },
      reason: 'entries are missing: 5 were signed',
    });
  });

  it('are not trusted to a bucket that locks nothing', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'unlocked' }));
    const own = createTestChain(database);
    await own.grow(1);
    await expect(anchorNewest(own.chain, await openAnchor('unlocked'))).rejects.toThrow();
  });
});
