import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { followSuccessions } from '../../../sdk-core/cli/audit/checkpoint.ts';
import { parseNoteKey } from '../../../sdk-core/cli/audit/signed-note.ts';
import { anchorNewest } from '../../src/audit/anchor-checkpoint.ts';
import { fileAnchor } from '../../src/audit/anchors/file-anchor.ts';
import { beginLog } from '../../src/audit/begin-log.ts';
import { logSuccessionText } from '../../src/audit/checkpoint.ts';
import { Checkpointer } from '../../src/audit/checkpointer.ts';
import { exportClosedLog } from '../../src/audit/export-entries.ts';
import { sequenceAll } from '../../src/audit/sequencer.ts';
import { noteSigner, signNote } from '../../src/audit/signed-note.ts';
import { SignerFile } from '../../src/audit/signer-file.ts';
import { verifyStoredLog } from '../../src/audit/verify-stored-log.ts';
import { createTestChain, type TestChain } from '../support/audit-chain.ts';
import { type CoreCli, coreCli } from '../support/core-cli.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runUserref } from '../support/userref-cli.ts';

let database: TestDatabase;
let log: TestChain;
let oldName: string;
let oldKeys: string[];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const TABLES = ['audit_heads', 'audit_entries', 'audit_nodes', 'audit_checkpoints', 'audit_anchorings'];

/** As a backup does: what was written after it is gone. */
async function restoreTo(size: number, schema = 'cell'): Promise<void> {
  for (const table of TABLES)
    await database.admin.query(`delete from ${schema}.${table} where tenant_id = $1`, [log.chain.tenantId]);
  for (const table of TABLES)
    await database.admin.query(
      `insert into ${schema}.${table} select * from backup_${size}_${table} where tenant_id = $1`,
      [log.chain.tenantId],
    );
}

async function backUp(size: number, schema = 'cell'): Promise<void> {
  for (const table of TABLES) {
    await database.admin.query(`drop table if exists backup_${size}_${table}`);
    await database.admin.query(`create table backup_${size}_${table} as select * from ${schema}.${table}`);
  }
}

/** A log of 30 signed and anchored entries, of which the database has the first 20 only: it was restored. */
beforeEach(async () => {
  log = createTestChain(database);
  await log.grow(20);
  await backUp(20);
  await log.grow(10);
  oldName = await log.log();
  oldKeys = await log.publicKeys();
  await anchorNewest(log.chain, fileAnchor(`${log.folder}/anchors`));
  await restoreTo(20);
});

const begin = () =>
  beginLog({
    ...{ chain: log.chain, admin: database.admin, signer: log.signer },
    ...{ reason: 'restored', now: () => new Date() },
  });

async function closedExport(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of exportClosedLog(log.chain, oldName)) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

describe('beginning a new log after a restore', () => {
  it('keeps the old one as it was, and goes on with a signed link to it', async () => {
    const before = await log.export();
    await log.append(3);
    const begun = await begin();
    expect(begun.previous).toEqual({ log: oldName, size: 23 });
    expect((await closedExport()).startsWith(before)).toBe(true);
    expect((await closedExport()).split('\n').filter(Boolean)).toHaveLength(23);
    await log.append(4);
    await sequenceAll(log.chain);
    expect(await log.log()).toBe(begun.log);
    const [first] = (await log.export()).split('\n').map((line) => JSON.parse(line || '{}').entry);
    expect(first).toMatchObject({
      ...{ log: begun.log, seq: 1, action: 'audit.log_begun' },
      data: { previous_log: oldName, previous_size: 23, reason: 'restored' },
    });
    const [, named, size, root] = begun.link.split('\n');
    expect([named, size, root]).toEqual([oldName, '23', first.data.previous_root]);
  });

  it('lets a signer that runs go on, which refused before', async () => {
    await log.append(2);
    await sequenceAll(log.chain);
    await expect(log.checkpointer.checkpoint()).rejects.toThrow(/no longer continues/);
    const begun = await begin();
    await log.append(2);
    await sequenceAll(log.chain);
    expect(await log.checkpointer.checkpoint()).toContain(`${begun.log}\n3\n`);
    const verdict = await verifyStoredLog(log.chain, {
      publicKeys: await log.publicKeys(),
      anchors: [fileAnchor(`${log.folder}/anchors`)],
    });
    expect(verdict).toMatchObject({ ok: true, size: 3, checkpoints: 1 });
  });

  it('does not let it go on when somebody without the key began another log', async () => {
    const forger = `${log.folder}/forged.signer`;
    SignerFile.create(forger);
    await beginLog({
      ...{ chain: log.chain, admin: database.admin, signer: new SignerFile(forger) },
      ...{ reason: 'restored', now: () => new Date() },
    });
    await log.append(1);
    await sequenceAll(log.chain);
    await expect(log.checkpointer.checkpoint()).rejects.toThrow(/no longer continues/);
  });

  it('is for the owner of the tables alone', async () => {
    const call = `select cell.begin_audit_log('x', 'x', 0, 'x', 'x', '{}')`;
    for (const role of [database.cell, database.core])
      await expect(role.query(call)).rejects.toMatchObject({ code: '42501' });
    const closed = `delete from cell.audit_closed_entries`;
    await expect(database.cell.query(closed)).rejects.toMatchObject({ code: '42501' });
  });

  it('changes nothing when the log is another one by then, and waits for a sequencer in the middle of a batch', async () => {
    const stale = `select cell.begin_audit_log($1, $2, 19, 'new', 'link', '{}')`;
    await expect(database.admin.query(stale, [log.chain.tenantId, oldName])).rejects.toMatchObject({
      code: 'UR001',
    });
    expect(await log.log()).toBe(oldName);
    await log.append(200);
    const [begun] = await Promise.all([begin(), sequenceAll(log.chain), sequenceAll(log.chain)]);
    await sequenceAll(log.chain);
    const ids = await database.admin.query<{ entry_id: string }>(
      `select entry_id from cell.audit_events where tenant_id = $1`,
      [log.chain.tenantId],
    );
    expect(new Set(ids.map((row) => row.entry_id)).size).toBe(20 + 200 + 1);
    expect(begun.previous.size).toBeGreaterThanOrEqual(20);
    const checkpointer = new Checkpointer({ chain: log.chain, signer: log.signer, now: () => new Date() });
    await checkpointer.checkpoint();
    expect(await verifyStoredLog(log.chain, { publicKeys: await log.publicKeys() })).toMatchObject({
      ok: true,
    });
  });

  it('can be done again', async () => {
    const [first, second] = [await begin(), await begin()];
    expect(second.previous).toEqual({ log: first.log, size: 1 });
  });
});

describe('the link between two logs', () => {
  it('leads an auditor on only when the old key and the new one have signed it', () => {
    const [mine, stranger] = [1, 2].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer];
    const [old, next] = [noteSigner('log/old', mine), noteSigner('log/new', mine)];
    const [otherOld, otherNext] = [noteSigner('log/old', stranger), noteSigner('log/new', stranger)];
    const textTo = (publicKey: string, name = 'log/new') =>
      logSuccessionText({
        ...{
          log: 'log/old',
          size: 3,
          root: Buffer.alloc(32),
          next: name,
          publicKey,
          time: '2026-11-22T00:00:00.000Z',
        },
      });
    const keysAfter = (note: string) =>
      followSuccessions([parseNoteKey(old.publicKey)], [note]).map((key) => key.name);
    const good = textTo(next.publicKey);
    expect(keysAfter(signNote(good, [old, next]))).toEqual(['log/old', 'log/new']);
    for (const signers of [[old], [next], [otherOld, next], [noteSigner('log/x', mine), next]])
      expect(keysAfter(signNote(good, signers))).toEqual(['log/old']);
    const toStranger = textTo(otherNext.publicKey);
    for (const signers of [[otherNext], [otherOld, otherNext], [next, otherNext]])
      expect(keysAfter(signNote(toStranger, signers))).toEqual(['log/old']);
    expect(keysAfter(signNote(textTo(next.publicKey, 'log/third'), [old, next]))).toEqual(['log/old']);
  });
});

describe('userref-core audit begin-log', () => {
  let cli: CoreCli;
  beforeEach(() => {
    cli = coreCli(database);
    return () => cli.remove();
  });
  const audit = (...args: string[]) =>
    cli.run(['audit', ...args], {
      settings: {
        USERREF_TENANT: log.chain.tenantId,
        USERREF_AUDIT_SIGNER_FILE: log.signerFile,
        USERREF_ADMIN_DATABASE_URL: database.adminUrl,
      },
    });
  const save = (name: string, text: string) => {
    writeFileSync(cli.file(name), text);
    return cli.file(name);
  };

  it('gives an auditor who knows the old key all that is needed for both logs', async () => {
    await log.append(5);
    const begun = await audit('begin-log', '--half', 'cell', '--because', 'restored');
    expect(begun).toMatchObject({ code: 0, stderr: '' });
    expect((await audit('logs', '--half', 'cell')).stdout).toMatch(
      /25 entries {2}\d{4}-.*\n.* 0 entries {2}grows$/m,
    );
    const chain = save('chain', (await audit('keys', '--half', 'cell', '--successions')).stdout);
    const next = save('next', (await audit('checkpoint', '--half', 'cell')).stdout);
    const last = save('last', (await audit('checkpoint', '--half', 'cell', '--log', oldName)).stdout);
    expect(await audit('export', '--half', 'cell', '--out', cli.file('new'))).toMatchObject({ code: 0 });
    await audit('export', '--half', 'cell', '--log', oldName, '--out', cli.file('old'));
    const verify = (file: string, checkpoint: string, ...more: string[]) =>
      runUserref([
        ...['audit', 'verify', '--export', cli.file(file), '--checkpoint', checkpoint],
        ...['--public-key', oldKeys[0] ?? '', ...more],
      ]);
    expect(await verify('old', last)).toMatchObject({
      code: 0,
      out: expect.stringContaining('the 20 entries'),
    });
    expect(await verify('new', next)).toMatchObject({ code: 1 });
    expect(await verify('new', next, '--key-chain', chain)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Verified: the 1 entries'),
    });
    const forged = save('forged', readFileSync(chain, 'utf8').replace(oldName.slice(-8), '00000000'));
    expect(await verify('new', next, '--key-chain', forged)).toMatchObject({ code: 1 });
  });

  it('needs the owner’s connection, a signer and a reason', async () => {
    expect(await audit('begin-log', '--half', 'cell')).toMatchObject({ code: 2 });
    const bare = await cli.run(['audit', 'begin-log', '--half', 'cell', '--because', 'moved'], {
      settings: { USERREF_TENANT: log.chain.tenantId },
    });
    expect(bare).toMatchObject({ code: 1, stderr: expect.stringContaining('USERREF_ADMIN_DATABASE_URL') });
  });
});
