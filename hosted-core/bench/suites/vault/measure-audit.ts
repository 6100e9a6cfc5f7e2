import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { appendAudit } from '../../../src/audit/audit-log.ts';
import type { Chain } from '../../../src/audit/chain.ts';
import { Checkpointer } from '../../../src/audit/checkpointer.ts';
import { exportEntries } from '../../../src/audit/export-entries.ts';
import { readHead } from '../../../src/audit/sequence-repository.ts';
import { sequenceAll } from '../../../src/audit/sequencer.ts';
import { SignerFile } from '../../../src/audit/signer-file.ts';

const USERREF = join(import.meta.dirname, '../../../../sdk-core/cli/main.ts');

/** Leaves entries to be numbered, as reads of five attributes do, in transactions of 500. */
export async function fillPending(chain: Chain, count: number): Promise<void> {
  const refs = Array.from({ length: 200 }, () => randomUUID());
  for (let done = 0; done < count; done += 500) {
    const entries = Array.from({ length: Math.min(500, count - done) }, (_, i) => ({
      tenantId: chain.tenantId,
      action: 'attributes.released' as const,
      siteId: 'bench-shop',
      subjectRef: refs[(done + i) % refs.length],
      requestId: `req-${done + i}`,
      data: {
        attributes: ['profile:name', 'contact:email', 'contact:phone', 'address:shipping'],
        purpose: 'order_delivery',
      },
    }));
    await appendAudit(chain.database, chain.schema, entries);
  }
}

/** `audit_entries_per_second`: numbering of `count` entries that wait already, in batches, to the last commit. */
export async function measureSequencing(chain: Chain, count: number): Promise<{ entriesPerSecond: number }> {
  await fillPending(chain, count);
  const start = performance.now();
  const numbered = await sequenceAll(chain);
  return { entriesPerSecond: numbered / ((performance.now() - start) / 1_000) };
}

/** Signs the log and writes what a verifier gets into `folder`. */
export async function writeEvidence(chain: Chain, folder: string) {
  const signerFile = join(folder, 'audit.signer');
  SignerFile.create(signerFile);
  const signer = new SignerFile(signerFile);
  const note = await new Checkpointer({ chain, signer, now: () => new Date() }).checkpoint();
  const head = await chain.database.inTenant(chain.tenantId, (tx) => readHead(tx, chain));
  if (!note || !head) throw new Error('the log is empty');
  const files = { exportFile: join(folder, 'log.jsonl'), checkpointFile: join(folder, 'checkpoint') };
  writeFileSync(files.checkpointFile, note);
  await pipeline(Readable.from(exportEntries(chain)), createWriteStream(files.exportFile));
  return { ...files, publicKey: signer.signers(head.log)[0].publicKey, entries: head.size };
}

/** `audit_verify_million_seconds`: `userref audit verify` as a process of its own, start included, and its peak memory. */
export async function measureVerification(evidence: {
  exportFile: string;
  checkpointFile: string;
  publicKey: string;
}): Promise<{ seconds: number; peakMegabytes: number }> {
  const args = ['--export', evidence.exportFile, '--checkpoint', evidence.checkpointFile];
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [USERREF, 'audit', 'verify', ...args, '--public-key', evidence.publicKey],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  let peakMegabytes = 0;
  while (child.exitCode === null && child.signalCode === null) {
    peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid ?? 0));
    await Promise.race([ended, sleep(100)]);
  }
  if ((await ended) !== 0) throw new Error('the log was not verified');
  return { seconds: (performance.now() - start) / 1_000, peakMegabytes };
}

/** Linux keeps the high-water mark of a process's memory. */
function peakOf(pid: number): number {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1_024;
  } catch {
    return 0;
  }
}
