import { chmodSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fileAnchor } from '../../src/audit/anchors/file-anchor.ts';
import { webhookAnchor } from '../../src/audit/anchors/webhook-anchor.ts';
import { startAuditLoop } from '../../src/audit/audit-loop.ts';
import { checkpointText, parseCheckpoint, successionText } from '../../src/audit/checkpoint.ts';
import { readNewestCheckpoint, readSuccessions } from '../../src/audit/checkpoint-repository.ts';
import type { EntryFilter } from '../../src/audit/entry-repository.ts';
import { exportEntries } from '../../src/audit/export-entries.ts';
import { proveOwnEntries } from '../../src/audit/own-entries.ts';
import { openNote, signNote } from '../../src/audit/signed-note.ts';
import { SignerFile } from '../../src/audit/signer-file.ts';
import { verifyStoredLog } from '../../src/audit/verify-stored-log.ts';
import { createHttpServer } from '../../src/http/http-server.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { createTestChain, type TestChain } from '../support/audit-chain.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runUserref } from '../support/userref-cli.ts';

let database: TestDatabase;
let own: TestChain;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

beforeEach(() => {
  own = createTestChain(database);
});

function write(name: string, text: string): string {
  const file = join(own.folder, name);
  writeFileSync(file, text);
  return file;
}

async function verifyWith(checkpoint: string, ...more: string[]) {
  const log = write('log.jsonl', await own.export());
  const file = write('checkpoint', checkpoint);
  return runUserref(['audit', 'verify', '--export', log, '--checkpoint', file, ...more]);
}

describe('the keys of the signer', () => {
  it('are read by nobody through the database', async () => {
    await own.grow(2);
    const seed = readFileSync(own.signerFile, 'utf8').trim().split(':').at(-1) ?? '';
    const columns = await database.admin.query<{ at: string }>(
      `select format('%I.%I', table_schema, table_name) as at from information_schema.tables
       where table_schema in ('core', 'cell', 'cell_keys', 'core_jobs', 'cell_jobs') and table_type = 'BASE TABLE'`,
    );
    expect(columns.length).toBeGreaterThan(20);
    const hex = Buffer.from(seed, 'base64url').toString('hex');
    for (const { at } of columns) {
      const rows = await database.admin.query(
        `select 1 from ${at} t where t::text like $1 or t::text like $2`,
        [`%${seed}%`, `%${hex}%`],
      );
      expect(rows, at).toEqual([]);
    }
  });

  it('are refused when others may read the file, or when it was cut short', () => {
    chmodSync(own.signerFile, 0o640);
    expect(() => new SignerFile(own.signerFile)).toThrow('chmod 600');
    chmodSync(own.signerFile, 0o600);
    truncateSync(own.signerFile, 60);
    expect(() => new SignerFile(own.signerFile)).toThrow('cut short');
  });

  it('both sign while one takes over from the other; an auditor follows from the old to the new', async () => {
    const [oldKey = ''] = (await own.grow(2)) && (await own.publicKeys());
    own.signer.rotate(new Date());
    const [, newKey = ''] = await own.publicKeys();
    const both = await own.grow(2);
    expect(openNote(both, [oldKey])).toBeDefined();
    expect(openNote(both, [newKey])).toBeDefined();
    own.signer.retire();
    const late = await own.grow(2);
    expect(await own.publicKeys()).toEqual([newKey]);
    expect(openNote(late, [oldKey])).toBeUndefined();
    expect(await verifyWith(both, '--public-key', oldKey)).toMatchObject({ code: 0 });
    expect(await verifyWith(late, '--public-key', newKey)).toMatchObject({ code: 0 });
    expect(await verifyWith(late, '--public-key', oldKey)).toMatchObject({ code: 1 });
    const successions = await own.chain.database.inTenant(own.chain.tenantId, (tx) =>
      readSuccessions(tx, own.chain),
    );
    expect(successions).toHaveLength(1);
    const chain = write('chain', successions.map(({ note }) => `${JSON.stringify({ note })}\n`).join(''));
    expect(await verifyWith(late, '--public-key', oldKey, '--key-chain', chain)).toMatchObject({ code: 0 });
  });

  it('are not taken from a stranger who vouches for himself', async () => {
    const [key = ''] = (await own.grow(2)) && (await own.publicKeys());
    const file = join(own.folder, 'stranger');
    SignerFile.create(file);
    const [stranger] = new SignerFile(file).signers(await own.log());
    const text = successionText({ log: await own.log(), publicKey: stranger.publicKey, time: 'now' });
    const chain = write('chain', `${JSON.stringify({ note: signNote(text, [stranger]) })}\n`);
    const newest = await own.grow(1);
    const forged = signNote(checkpointText(parseCheckpoint(openNote(newest, [key]) ?? '')), [stranger]);
    const verdict = await verifyWith(forged, '--public-key', key, '--key-chain', chain);
    expect(verdict).toMatchObject({ code: 1, err: expect.stringContaining('not signed') });
  });
});

describe('a person', () => {
  it('gets the own entries with proofs that hold against the checkpoint, and no others', async () => {
    const ref = '6a1f0c1e-0000-4000-8000-000000000001';
    await own.grow(300);
    await own.grow(3, ref);
    await own.grow(300);
    await own.grow(2, ref);
    const extract = await proveOwnEntries(own.chain, { subjectRef: ref });
    expect(extract?.entries.map((one) => one.index)).toEqual([300, 301, 302, 603, 604]);
    expect(extract?.entries.every((one) => JSON.parse(one.entry).subject === ref)).toBe(true);
    expect(Math.max(...(extract?.entries.map((one) => one.proof.length) ?? []))).toBeLessThanOrEqual(10);
    const [key = ''] = await own.publicKeys();
    const verify = (text: string) =>
      runUserref(['audit', 'verify-proof', '--proof', write('proof', text), '--public-key', key]);
    const text = JSON.stringify(extract);
    expect(await verify(text)).toMatchObject({ code: 0, out: expect.stringContaining('All 5 entries') });
    expect(await verify(text.replace('shop-a', 'shop-b'))).toMatchObject({ code: 1 });
  });

  it('leaves the log intact when erased: nothing that is left says whose entries they were', async () => {
    const { admin } = database;
    const { tenantId } = own.chain;
    const [person] = await admin.query<{ audit_ref: string }>(
      'insert into cell.people (tenant_id) values ($1) returning audit_ref',
      [tenantId],
    );
    await own.grow(3, person?.audit_ref);
    const before = await own.export();
    await admin.query(
      `update cell.people set audit_ref = gen_random_uuid(), status = 'erased' where tenant_id = $1`,
      [tenantId],
    );
    const newest = await own.grow(1);
    expect((await own.export()).startsWith(before)).toBe(true);
    const publicKeys = await own.publicKeys();
    expect(await verifyStoredLog(own.chain, { publicKeys })).toMatchObject({ ok: true, size: 4 });
    expect(await verifyWith(newest, '--public-key', publicKeys[0] ?? '')).toMatchObject({ code: 0 });
    const linked = await admin.query(
      `select 1 from cell.audit_entries e join cell.people p on p.audit_ref = e.subject_ref where e.tenant_id = $1`,
      [tenantId],
    );
    expect(linked).toEqual([]);
  });
});

describe('the loop', () => {
  it('numbers, signs and anchors what is written, in two processes at once, within moments', async () => {
    const received: string[] = [];
    const receiver = createHttpServer({ logger: createLogger({ level: 'silent' }), component: 'core' });
    receiver.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    receiver.post('/checkpoints', async (request) => {
      received.push(request.body as string);
      return {};
    });
    const address = await receiver.listen({ host: '127.0.0.1', port: 0 });
    const file = join(own.folder, 'anchors.jsonl');
    const anchors = [
      fileAnchor(file),
      webhookAnchor({ url: `${address}/checkpoints`, policy: 'public-and-loopback' }),
    ];
    const logger = createLogger({ level: 'silent' });
    const loops = [0, 1].map(() =>
      startAuditLoop({
        chain: own.chain,
        logger,
        signer: own.signer,
        anchors,
        anchorEverySeconds: 1,
        pollMs: 20,
      }),
    );
    await own.append(1_500);
    const newest = () =>
      own.chain.database.inTenant(own.chain.tenantId, (tx) => readNewestCheckpoint(tx, own.chain));
    await expect.poll(async () => (await newest())?.size, { timeout: 20_000 }).toBe(1_500);
    const note = (await newest())?.note ?? '';
    await expect.poll(() => received.includes(note), { timeout: 20_000 }).toBe(true);
    const read = async () => (await anchors[0]?.read?.(await own.log()))?.notes ?? [];
    await expect.poll(async () => (await read()).includes(note), { timeout: 20_000 }).toBe(true);
    await Promise.all(loops.map((loop) => loop.stop()));
    await receiver.close();
    // The file holds many notes; all of them have to fit.
    const [key = ''] = await own.publicKeys();
    const log = write('log.jsonl', await own.export());
    const args = ['audit', 'verify', '--export', log, '--checkpoint', file, '--public-key', key];
    expect(await runUserref(args)).toMatchObject({ code: 0 });
  });

  it('says so, and signs nothing more, when the log was rewritten', async () => {
    const lines: string[] = [];
    const logger = createLogger({
      level: 'info',
      stream: { write: (line: string) => lines.push(line) } as unknown as NodeJS.WritableStream,
    });
    await own.grow(5);
    await database.admin.query(
      `update cell.audit_heads set frontier = sha256('\\x00') || sha256('\\x01') where tenant_id = $1`,
      [own.chain.tenantId],
    );
    await own.append(1);
    const loop = startAuditLoop({
      ...{ chain: own.chain, logger, signer: own.signer },
      ...{ anchors: [], anchorEverySeconds: 60, pollMs: 20 },
    });
    await expect.poll(() => lines.join(''), { timeout: 20_000 }).toContain('audit log was tampered with');
    await loop.stop();
    const newest = await own.chain.database.inTenant(own.chain.tenantId, (tx) =>
      readNewestCheckpoint(tx, own.chain),
    );
    expect(newest?.size).toBe(5);
  });
});

describe('an export for reading', () => {
  it('takes only what the filter lets through', async () => {
    await own.grow(4);
    const [later] = await database.admin.query<{ at: Date }>('select clock_timestamp() as at');
    await own.grow(2);
    const lines = async (filter: EntryFilter) => {
      const parts: Buffer[] = [];
      for await (const part of exportEntries(own.chain, { filter })) parts.push(part);
      return Buffer.concat(parts).toString().split('\n').length - 1;
    };
    expect(await lines({})).toBe(6);
    expect(await lines({ from: later?.at })).toBe(2);
    expect(await lines({ to: later?.at })).toBe(4);
    expect(await lines({ actions: ['attributes.*'] })).toBe(6);
    expect(await lines({ actions: ['attributes.released', 'consent.*'] })).toBe(6);
    expect(await lines({ actions: ['attributes_released', '%'] })).toBe(0);
  });
});
