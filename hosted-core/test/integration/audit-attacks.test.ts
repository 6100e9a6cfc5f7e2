import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstLink } from '../../src/audit/audit-entry.ts';
import { Checkpointer, LogRewrittenError } from '../../src/audit/checkpointer.ts';
import type { ChainHead } from '../../src/audit/sequence-repository.ts';
import { appendTo, sequenceAll } from '../../src/audit/sequencer.ts';
import { verifyStoredLog } from '../../src/audit/verify-stored-log.ts';
import { createTestChain, type TestChain } from '../support/audit-chain.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runUserref } from '../support/userref-cli.ts';

let database: TestDatabase;
let own: TestChain;
let older: string;
let newest: string;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

/** A log of 40 entries with checkpoints at 20 and 40. */
beforeEach(async () => {
  own = createTestChain(database);
  older = await own.grow(20);
  newest = await own.grow(20);
});

/** As somebody who may do everything in the database. */
function attack(sql: string, values: unknown[] = []) {
  return database.admin.query(sql, [own.chain.tenantId, ...values]);
}

async function verify(options: { checkpoint?: string; since?: string; after?: number } = {}) {
  const file = (name: string, text: string) => {
    writeFileSync(join(own.folder, name), text);
    return join(own.folder, name);
  };
  const args = [
    ...['audit', 'verify', '--json'],
    ...['--export', file('log.jsonl', await own.export(options.after))],
    ...['--checkpoint', file('checkpoint', options.checkpoint ?? newest)],
    ...['--public-key', ...(await own.publicKeys())],
    ...(options.since ? ['--since-checkpoint', file('since', options.since)] : []),
  ];
  const { code, out, err } = await runUserref(args);
  return out === '' ? { code, err } : { code, ...JSON.parse(out) };
}

async function verifyInPlace() {
  return verifyStoredLog(own.chain, { publicKeys: await own.publicKeys() });
}

/** Computes everything from entry `from` on anew, after `change`, as a patient superuser would. */
async function recompute(from: number, change: string): Promise<void> {
  const rows = await database.admin.query<{
    said: Record<string, never>;
    entry_id: string;
    leaf_hash: Buffer;
  }>(
    `select convert_from(canonical, 'UTF8')::jsonb as said, entry_id, leaf_hash from cell.audit_entries
     where tenant_id = $1 order by seq`,
    [own.chain.tenantId],
  );
  const log = await own.log();
  const start: ChainHead = {
    log,
    size: 0,
    head: firstLink(log),
    frontier: Buffer.alloc(0),
  };
  const pending = rows.map(({ said, entry_id }, i) => ({
    entryId: entry_id,
    time: said['time'] ?? '',
    action: i + 1 === from ? change : (said['action'] ?? ''),
    siteId: said['site'] ?? null,
    subjectRef: said['subject'] ?? null,
    requestId: said['request'] ?? null,
    data: said['data'] ?? {},
  }));
  const batch = appendTo(start, pending);
  for (const [i, canonical] of batch.entries.entries()) {
    await attack(
      `update cell.audit_entries set canonical = $3, leaf_hash = $4, action = $5 where tenant_id = $1 and seq = $2`,
      [i + 1, canonical, batch.leaves[i], pending[i]?.action],
    );
  }
  await attack('update cell.audit_heads set head = $2, frontier = $3 where tenant_id = $1', [
    batch.leaves.at(-1),
    batch.frontier,
  ]);
}

describe('an untouched log', () => {
  it('is verified from the export, the checkpoint and the public key alone', async () => {
    expect(await verify()).toEqual({ code: 0, ok: true, log: await own.log(), covered: 40, beyond: 0 });
    expect(await verify({ since: older })).toMatchObject({ code: 0, ok: true });
    expect(await verifyInPlace()).toEqual({ ok: true, size: 40, checkpoints: 2, suspicions: [] });
  });

  it('is verified with entries that no checkpoint covers yet', async () => {
    expect(await verify({ checkpoint: older })).toMatchObject({ ok: true, covered: 20, beyond: 20 });
  });

  it('is verified from an older checkpoint on, without the beginning', async () => {
    expect(await verify({ since: older, after: 20 })).toMatchObject({ code: 0, ok: true, covered: 40 });
    expect(await verify({ after: 20 })).toMatchObject({ code: 1, fault: 'rewritten' });
    expect(await verify({ since: older, after: 21 })).toMatchObject({ code: 1, fault: 'rewritten' });
  });

  it('is refused with a checkpoint that somebody else signed', async () => {
    const stranger = createTestChain(database);
    await stranger.grow(3);
    const [key = ''] = await stranger.publicKeys();
    const file = join(own.folder, 'own-checkpoint');
    writeFileSync(file, newest);
    const args = ['audit', 'verify', '--export', file, '--checkpoint', file, '--public-key', key];
    expect(await runUserref(args)).toMatchObject({ code: 1, err: expect.stringContaining('not signed') });
  });
});

const UPDATE = 'update cell.audit_entries set';
const WHERE = 'where tenant_id = $1 and seq =';
const EDIT = `canonical = convert_to(replace(convert_from(canonical, 'UTF8'), 'shop-a', 'shop-b'), 'UTF8')`;
const REHASH = `leaf_hash = sha256('\\x00'::bytea || canonical)`;

describe('a superuser is found out who', () => {
  it.each([1, 7, 20, 21, 40])('edits entry %i', async (seq) => {
    await attack(`${UPDATE} ${EDIT} ${WHERE} ${seq}`);
    expect(await verify()).toMatchObject({ code: 1, seq, fault: 'edited' });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq });
  });

  it.each([1, 7, 20, 21, 40])('edits entry %i and its hash', async (seq) => {
    await attack(`${UPDATE} ${EDIT} ${WHERE} ${seq}`);
    await attack(`${UPDATE} ${REHASH} ${WHERE} ${seq}`);
    expect(await verify()).toMatchObject({ code: 1, seq, fault: 'edited' });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq });
  });

  it('edits two entries that stand together', async () => {
    await attack(`${UPDATE} ${EDIT} where tenant_id = $1 and seq in (7, 8)`);
    expect(await verify()).toMatchObject({ seq: 7, fault: 'edited' });
  });

  it('edits the link of an entry and its hash', async () => {
    const relink = `canonical = convert_to(regexp_replace(convert_from(canonical, 'UTF8'), '"prev":"....', '"prev":"AAAA'), 'UTF8')`;
    await attack(`${UPDATE} ${relink} ${WHERE} 9`);
    await attack(`${UPDATE} ${REHASH} ${WHERE} 9`);
    expect(await verify()).toMatchObject({ seq: 9, fault: 'edited' });
  });

  it.each([1, 20, 33])('deletes entry %i', async (seq) => {
    await attack(`delete from cell.audit_entries ${WHERE} ${seq}`);
    expect(await verify()).toMatchObject({ code: 1, seq, fault: 'removed' });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq });
  });

  it('deletes more entries than are read at a time', async () => {
    newest = await own.grow(4_500);
    await attack('delete from cell.audit_entries where tenant_id = $1 and seq between 100 and 4200');
    expect(await verify()).toMatchObject({ seq: 100, fault: 'removed' });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq: 100 });
  });

  it('deletes an entry and moves the numbers up', async () => {
    await attack(`delete from cell.audit_entries ${WHERE} 10`);
    await attack('update cell.audit_entries set seq = seq + 1000 where tenant_id = $1 and seq > 10');
    await attack('update cell.audit_entries set seq = seq - 1001 where tenant_id = $1 and seq > 1000');
    expect(await verify()).toMatchObject({ seq: 10, fault: 'removed' });
  });

  it('swaps two entries', async () => {
    await attack(
      `update cell.audit_entries e set canonical = o.canonical, leaf_hash = o.leaf_hash from cell.audit_entries o
       where e.tenant_id = $1 and o.tenant_id = $1 and (e.seq, o.seq) in ((12, 30), (30, 12))`,
    );
    expect(await verify()).toMatchObject({ seq: 12, fault: 'reordered' });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq: 12 });
  });

  it('puts a copy of one entry in the place of another', async () => {
    await attack(
      `update cell.audit_entries e set canonical = o.canonical, leaf_hash = o.leaf_hash from cell.audit_entries o
       where e.tenant_id = $1 and o.tenant_id = $1 and e.seq = 12 and o.seq = 11`,
    );
    expect(await verify()).toMatchObject({ seq: 11, fault: 'duplicated' });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq: 12 });
  });

  it.each([21, 40])('cuts the log off before entry %i', async (seq) => {
    await attack(`delete from cell.audit_entries where tenant_id = $1 and seq >= ${seq}`);
    expect(await verify()).toMatchObject({ code: 1, seq, fault: 'tail_cut' });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq });
  });

  it('empties the log', async () => {
    await attack('delete from cell.audit_entries where tenant_id = $1');
    expect(await verify()).toMatchObject({ seq: 1, fault: 'tail_cut' });
  });

  it('brings in an entry of another log', async () => {
    const other = createTestChain(database);
    await other.grow(40);
    await attack(
      `update cell.audit_entries e set canonical = o.canonical, leaf_hash = o.leaf_hash from cell.audit_entries o
       where e.tenant_id = $1 and o.tenant_id = '${other.chain.tenantId}' and e.seq = 5 and o.seq = 5`,
    );
    expect(await verify()).toMatchObject({ seq: 5, fault: 'another_log' });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq: 5 });
  });

  it('changes a column beside the bytes', async () => {
    await attack(`${UPDATE} action = 'consent.granted' ${WHERE} 5`);
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq: 5 });
    await attack(`${UPDATE} action = 'attributes.released', subject_ref = gen_random_uuid() ${WHERE} 5`);
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq: 5 });
  });

  it('changes the stored tree', async () => {
    const big = createTestChain(database);
    await big.grow(300);
    await database.admin.query(
      `update cell.audit_nodes set hash = sha256(hash) where tenant_id = '${big.chain.tenantId}'`,
    );
    expect(await verifyStoredLog(big.chain, { publicKeys: await big.publicKeys() })).toMatchObject({
      ok: false,
    });
  });
});

describe('a superuser who edits entry 5 and computes everything after it anew', () => {
  it('is found out by the checkpoint, and by the older one more exactly', async () => {
    await recompute(5, 'consent.granted');
    expect(await verify()).toMatchObject({ code: 1, seq: 1, fault: 'rewritten' });
    expect(await verify({ since: older })).toMatchObject({
      ...{ code: 1, seq: 1, fault: 'rewritten' },
      detail: expect.stringContaining('1 to 20'),
    });
    expect(await verifyInPlace()).toMatchObject({ ok: false, seq: 20 });
  });

  it('is found out where an older checkpoint still holds', async () => {
    await recompute(25, 'consent.granted');
    expect(await verify({ since: older })).toMatchObject({
      ...{ seq: 21, fault: 'rewritten' },
      detail: expect.stringContaining('21 to 40'),
    });
  });

  it('gets no new checkpoint from a signer that runs, nor from one that starts', async () => {
    await recompute(5, 'consent.granted');
    await expect(own.checkpointer.checkpoint()).rejects.toThrow(LogRewrittenError);
    await own.append(3);
    await sequenceAll(own.chain);
    await expect(own.checkpointer.checkpoint()).rejects.toThrow(LogRewrittenError);
    const started = new Checkpointer({ chain: own.chain, signer: own.signer, now: () => new Date() });
    await expect(started.checkpoint()).rejects.toThrow(LogRewrittenError);
  });

  it('gets no checkpoint after cutting off the tail or throwing the log away', async () => {
    await attack('delete from cell.audit_heads where tenant_id = $1');
    await expect(own.checkpointer.checkpoint()).rejects.toThrow(LogRewrittenError);
  });
});
