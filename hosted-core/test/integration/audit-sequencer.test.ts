import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafHash } from '../../src/audit/merkle-hash.ts';
import { claimChain, commitBatch, readPending } from '../../src/audit/sequence-repository.ts';
import { appendTo, sequenceAll, sequenceBatch } from '../../src/audit/sequencer.ts';
import { createTestChain } from '../support/audit-chain.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { until } from '../support/until.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

interface Row {
  seq: string;
  canonical: Buffer;
  leaf_hash: Buffer;
}

function rowsOf(tenantId: string, schema = 'cell'): Promise<Row[]> {
  return database.admin.query<Row>(
    `select seq, canonical, leaf_hash from ${schema}.audit_entries where tenant_id = $1 order by seq`,
    [tenantId],
  );
}

describe.each(['core', 'cell'] as const)('the log of the %s', (schema) => {
  it('numbers what waits, without gaps, in exact bytes that link to the entry before', async () => {
    const { chain, append, log } = createTestChain(database, { schema });
    await append(700);
    expect(await sequenceAll(chain, { batch: 256 })).toBe(700);
    const rows = await rowsOf(chain.tenantId, schema);
    expect(rows.map((row) => Number(row.seq))).toEqual(Array.from({ length: 700 }, (_, i) => i + 1));
    let prev: Buffer = hash('sha256', await log(), 'buffer');
    for (const [i, row] of rows.entries()) {
      const said = JSON.parse(row.canonical.toString());
      expect(said).toMatchObject({ v: 1, seq: i + 1, prev: prev.toString('base64'), log: await log() });
      expect(row.leaf_hash).toEqual(leafHash(row.canonical));
      prev = row.leaf_hash;
    }
    expect(await sequenceBatch(chain)).toBe(0);
  });

  it('shows waiting and numbered entries alike', async () => {
    const { chain, append } = createTestChain(database, { schema });
    await append(2);
    const shown = () =>
      chain.database.inTenant(chain.tenantId, (tx) =>
        tx.query(`select entry_id, tenant_id, occurred_at, action, site_id, subject_ref, request_id, data
                  from ${schema}.audit_events order by entry_id`),
      );
    const before = await shown();
    await sequenceAll(chain);
    expect(await shown()).toEqual(before);
    expect(before).toHaveLength(2);
  });

  it('lets the application change and delete nothing', async () => {
    const { chain, grow } = createTestChain(database, { schema });
    await grow(3);
    const tables = ['entries', 'heads', 'nodes', 'checkpoints', 'anchorings', 'key_successions', 'pending'];
    for (const table of tables.map((name) => `${schema}.audit_${name}`)) {
      for (const statement of [
        `update ${table} set tenant_id = tenant_id`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]) {
        const attempt = chain.database.inTenant(chain.tenantId, (tx) => tx.query(statement));
        await expect(attempt, statement).rejects.toMatchObject({ code: '42501' });
      }
    }
    const insert = chain.database.inTenant(chain.tenantId, (tx) =>
      tx.query(`insert into ${schema}.audit_entries select * from ${schema}.audit_entries limit 1`),
    );
    await expect(insert).rejects.toMatchObject({ code: '42501' });
  });

  it('shows no row without its tenant', async () => {
    const { grow } = createTestChain(database, { schema });
    await grow(3);
    for (const name of ['entries', 'heads', 'nodes', 'checkpoints', 'pending', 'events']) {
      const query = `select 1 from ${schema}.audit_${name}`;
      expect(await database[schema].query(query), query).toEqual([]);
      expect(await database[schema].inTenant('other', (tx) => tx.query(query)), query).toEqual([]);
    }
  });
});

describe('two sequencers', () => {
  it('take turns: while one has the chain, the other finds nothing to do', async () => {
    const { chain, append } = createTestChain(database);
    await append(5);
    await chain.database.inTenant(chain.tenantId, async (tx) => {
      expect(await claimChain(tx, chain)).toMatchObject({ size: 0 });
      expect(await sequenceBatch(chain)).toBe(0);
    });
    expect(await sequenceBatch(chain)).toBe(5);
  });

  it('leave other tenants’ chains alone', async () => {
    const [one, other] = [createTestChain(database), createTestChain(database)];
    await one.append(3);
    await other.append(4);
    await one.chain.database.inTenant(one.chain.tenantId, async (tx) => {
      await claimChain(tx, one.chain);
      expect(await sequenceBatch(other.chain)).toBe(4);
    });
    expect(await sequenceBatch(one.chain)).toBe(3);
    expect(await one.log()).not.toBe(await other.log());
  });

  it('cannot both write: whoever worked from an older head is refused, even without the lock', async () => {
    const { chain, append } = createTestChain(database);
    await append(10);
    const stale = await chain.database.inTenant(chain.tenantId, async (tx) => {
      const head = await claimChain(tx, chain);
      if (!head) throw new Error('the chain is free');
      return appendTo(head, await readPending(tx, chain, 5));
    });
    expect(await sequenceAll(chain, { batch: 5 })).toBe(10);
    await append(5);
    const late = chain.database.inTenant(chain.tenantId, (tx) => commitBatch(tx, chain, stale));
    await expect(late).rejects.toMatchObject({ code: 'UR001', message: 'the chain has moved on' });
    expect(await rowsOf(chain.tenantId)).toHaveLength(10);
    expect(await sequenceAll(chain)).toBe(5);
  });

  it('cannot number an entry twice', async () => {
    const { chain, append } = createTestChain(database);
    await append(2);
    const twice = chain.database.inTenant(chain.tenantId, async (tx) => {
      const head = await claimChain(tx, chain);
      if (!head) throw new Error('the chain is free');
      const [first] = await readPending(tx, chain, 1);
      if (!first) throw new Error('something waits');
      await commitBatch(tx, chain, appendTo(head, [first, first]));
    });
    await expect(twice).rejects.toMatchObject({ code: 'UR001' });
    expect(await sequenceAll(chain)).toBe(2);
  });

  it('carry on when one is paused: it loses its connection, and what it does later is refused', async () => {
    const { chain, append } = createTestChain(database);
    await append(6);
    let resume = () => {};
    const paused = new Promise<void>((done) => {
      resume = done;
    });
    let claimed = () => {};
    const holding = new Promise<void>((done) => {
      claimed = done;
    });
    const sleeper = chain.database.inTenant(chain.tenantId, async (tx) => {
      const head = await claimChain(tx, chain);
      if (!head) throw new Error('the chain is free');
      const batch = appendTo(head, await readPending(tx, chain, 6));
      await tx.query(`set local idle_in_transaction_session_timeout = '3s'`);
      claimed();
      await paused;
      await commitBatch(tx, chain, batch);
    });
    sleeper.catch(() => {});
    await holding;
    expect(await sequenceBatch(chain)).toBe(0);
    expect(await until(() => sequenceBatch(chain))).toBe(6);
    resume();
    await expect(sleeper).rejects.toThrow();
    expect(await rowsOf(chain.tenantId)).toHaveLength(6);
  });

  it('hold the chain with a limit on silence', async () => {
    const { chain, append } = createTestChain(database);
    await append(1);
    const [row] = await chain.database.inTenant(chain.tenantId, async (tx) => {
      await claimChain(tx, chain);
      return tx.query<{ limit: string }>(
        `select current_setting('idle_in_transaction_session_timeout') as limit`,
      );
    });
    expect(row?.limit).toBe('5s');
  });
});
