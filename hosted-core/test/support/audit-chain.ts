import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { appendAudit } from '../../src/audit/audit-log.ts';
import type { Chain } from '../../src/audit/chain.ts';
import { Checkpointer } from '../../src/audit/checkpointer.ts';
import { exportEntries } from '../../src/audit/export-entries.ts';
import { sequenceAll } from '../../src/audit/sequencer.ts';
import { SignerFile } from '../../src/audit/signer-file.ts';
import type { TestDatabase } from './test-database.ts';

export const TENANT = 'default';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A chain of a test's own, by its own tenant, with a signer and short ways to fill it. */
export function createTestChain(database: TestDatabase, { schema = 'cell' as 'cell' | 'core' } = {}) {
  const tenantId = `t-${randomUUID().slice(0, 8)}`;
  const chain: Chain = { database: database[schema], schema, tenantId };
  const folder = mkdtempSync(join(tmpdir(), 'userref-audit-'));
  folders.push(folder);
  const signerFile = join(folder, 'audit.signer');
  SignerFile.create(signerFile);
  const signer = new SignerFile(signerFile);
  const checkpointer = new Checkpointer({ chain, signer, now: () => new Date() });
  return {
    chain,
    folder,
    signerFile,
    signer,
    checkpointer,
    append: (count: number, subjectRef?: string) => append(chain, count, subjectRef),
    /** Appends, numbers and signs. */
    async grow(count: number, subjectRef?: string): Promise<string> {
      await append(chain, count, subjectRef);
      await sequenceAll(chain);
      const note = await checkpointer.checkpoint();
      if (!note) throw new Error('no checkpoint was made');
      return note;
    },
    async log(): Promise<string> {
      const [row] = await database.admin.query<{ log: string }>(
        `select log from ${schema}.audit_heads where tenant_id = $1`,
        [tenantId],
      );
      return row?.log ?? '';
    },
    async publicKeys(): Promise<string[]> {
      return signer.signers(await this.log()).map((one) => one.publicKey);
    },
    async export(after = 0): Promise<string> {
      const parts: Buffer[] = [];
      for await (const part of exportEntries(chain, { after })) parts.push(part);
      return Buffer.concat(parts).toString('utf8');
    },
  };
}

export type TestChain = ReturnType<typeof createTestChain>;

async function append(chain: Chain, count: number, subjectRef: string = randomUUID()): Promise<void> {
  const entries = Array.from({ length: count }, (_, i) => ({
    tenantId: chain.tenantId,
    action: 'attributes.released' as const,
    siteId: 'shop-a',
    subjectRef,
    requestId: `r-${i}`,
    data: { attributes: ['address:shipping'], purpose: 'order_delivery', n: i },
  }));
  for (let i = 0; i < count; i += 1_000)
    await chain.database.inTransaction((tx) => appendAudit(tx, chain.schema, entries.slice(i, i + 1_000)));
}
