import { randomUUID } from 'node:crypto';
import type { Database } from '../database/database.ts';
import type { Chain } from './chain.ts';
import { logSuccessionText } from './checkpoint.ts';
import { holdAsOwner, insertNewLog } from './closed-log-repository.ts';
import { readHead } from './sequence-repository.ts';
import { sequenceAll } from './sequencer.ts';
import { signNote } from './signed-note.ts';
import type { SignerFile } from './signer-file.ts';
import { TreeFrontier } from './tree-frontier.ts';

/** Why a log ends. */
export const REASONS = ['restored', 'tampered', 'moved'] as const;
export type Reason = (typeof REASONS)[number];

export interface BeginLogOptions {
  readonly chain: Chain;
  /** As a role that may act as the owner of the tables: nobody else may put a log away. */
  readonly admin: Database;
  readonly signer: SignerFile;
  readonly reason: Reason;
  readonly now: () => Date;
}

export interface BegunLog {
  readonly log: string;
  readonly previous: { readonly log: string; readonly size: number };
  /** Signed: how far the previous log went, and which one follows. */
  readonly link: string;
}

/**
 * Closes the log, which is kept as it is, and begins another: after a restore, where the log in the database
 * cannot continue what was signed and anchored. The keys of the old log sign what follows it, so that an
 * auditor who trusts these can tell a new log from a log that was thrown away.
 */
export async function beginLog(options: BeginLogOptions): Promise<BegunLog> {
  const { chain, admin, signer, reason, now } = options;
  await sequenceAll(chain);
  return admin.inTransaction(async (tx) => {
    await holdAsOwner(tx, chain);
    const head = await readHead(tx, chain);
    if (!head) throw new Error('There is no log yet: nothing to close.');
    const log = `userref.audit/${chain.schema}/${chain.tenantId}/${randomUUID().replaceAll('-', '')}`;
    const signers = signer.signers(head.log);
    const [next] = signer.signers(log).slice(-1);
    if (!next) throw new TypeError('a signer file has a key');
    const root = new TreeFrontier(head.size, head.frontier).root();
    const old = { log: head.log, size: head.size };
    const text = logSuccessionText({
      ...old,
      root,
      next: log,
      publicKey: next.publicKey,
      time: now().toISOString(),
    });
    const link = signNote(text, [...signers, next]);
    const data = {
      previous_log: old.log,
      previous_size: old.size,
      previous_root: root.toString('base64'),
      reason,
    };
    await insertNewLog(tx, chain, { old, log, link, data });
    return { log, previous: old, link };
  });
}
