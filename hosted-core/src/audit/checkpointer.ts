import type { Queryable } from '../database/database.ts';
import type { Chain } from './chain.ts';
import { type Checkpoint, checkpointText, parseCheckpoint, successionText } from './checkpoint.ts';
import {
  insertCheckpoint,
  insertSuccession,
  readNewestCheckpoint,
  readSuccessions,
} from './checkpoint-repository.ts';
import { readClosedLogs } from './closed-log-repository.ts';
import { type ChainHead, readHead } from './sequence-repository.ts';
import { type NoteSigner, openNote, signNote } from './signed-note.ts';
import type { SignerFile } from './signer-file.ts';
import { TreeFrontier } from './tree-frontier.ts';
import { consistencyProof, verifyConsistency } from './tree-proofs.ts';
import { StoredTree } from './tree-repository.ts';

export interface CheckpointerOptions {
  readonly chain: Chain;
  readonly signer: SignerFile;
  readonly now: () => Date;
}

/** The log in the database is not a continuation of what was signed before. Nothing is signed any more. */
export class LogRewrittenError extends Error {
  override readonly name = 'LogRewrittenError';
}

/**
 * Signs how far a log has got. Remembers what it signed last and signs nothing that does not continue it,
 * so that a log which was rewritten under a running signer gets no checkpoint.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #last: Checkpoint | undefined;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
  }

  /** Size of the last checkpoint that this process knows of. */
  get size(): number {
    return this.#last?.size ?? 0;
  }

  /**
   * Makes a checkpoint if there are new entries; answers with its note.
   * @throws LogRewrittenError
   */
  async checkpoint(): Promise<string | undefined> {
    const { chain, signer } = this.#options;
    return chain.database.inTenant(chain.tenantId, async (tx) => {
      const head = await readHead(tx, chain);
      if (!head && this.#last) throw new LogRewrittenError('the log is gone');
      if (!head) return undefined;
      const signers = signer.signers(head.log);
      if (this.#last && this.#last.log !== head.log && (await this.#isFollowed(tx, this.#last.log, head.log)))
        this.#last = undefined;
      this.#last ??= await this.#stored(tx, signers);
      await this.#assertContinued(tx, head);
      if (head.size === (this.#last?.size ?? 0)) return undefined;
      await this.#announceKeys(tx, head.log, signers);
      const checkpoint = this.#describe(head);
      const note = signNote(checkpointText(checkpoint), signers);
      await insertCheckpoint(tx, chain, { size: head.size, note });
      this.#last = checkpoint;
      return note;
    });
  }

  #describe(head: ChainHead): Checkpoint {
    const root = new TreeFrontier(head.size, head.frontier).root();
    const time = this.#options.now().toISOString();
    return { log: head.log, size: head.size, root, head: head.head, time };
  }

  /** What another process or an earlier run signed; only with our own signature. */
  async #stored(tx: Queryable, signers: readonly NoteSigner[]): Promise<Checkpoint | undefined> {
    const stored = await readNewestCheckpoint(tx, this.#options.chain);
    if (!stored) return undefined;
    const text = openNote(
      stored.note,
      signers.map((one) => one.publicKey),
    );
    if (text === undefined) throw new LogRewrittenError('the newest stored checkpoint is not signed by us');
    return parseCheckpoint(text);
  }

  async #assertContinued(tx: Queryable, head: ChainHead): Promise<void> {
    const last = this.#last;
    if (!last) return;
    const { root } = this.#describe(head);
    const proof =
      last.size > head.size
        ? []
        : await consistencyProof(new StoredTree(tx, this.#options.chain), last.size, head.size);
    const continued =
      last.log === head.log &&
      verifyConsistency({ oldSize: last.size, oldRoot: last.root, size: head.size, root, proof });
    if (!continued)
      throw new LogRewrittenError(`the log no longer continues what was signed at ${last.size}`);
  }

  /** Whether our own keys have signed that one log was closed and the other follows, in one step or more. */
  async #isFollowed(tx: Queryable, from: string, to: string): Promise<boolean> {
    const { chain, signer } = this.#options;
    let log = from;
    for (const closed of await readClosedLogs(tx, chain)) {
      if (closed.log !== log) continue;
      const keys = signer.signers(log).map((one) => one.publicKey);
      const [, named, , , next = ''] = openNote(closed.link, keys)?.split('\n') ?? [];
      if (named !== log) return false;
      log = next;
    }
    return log === to;
  }

  /** Lets each key vouch for the next one, while it is still there to sign. */
  async #announceKeys(tx: Queryable, log: string, signers: readonly NoteSigner[]): Promise<void> {
    if (signers.length < 2) return;
    const known = new Set((await readSuccessions(tx, this.#options.chain)).map((one) => one.publicKey));
    for (const [index, next] of signers.entries()) {
      const older = signers[index - 1];
      if (!older || known.has(next.publicKey)) continue;
      const time = this.#options.now().toISOString();
      const text = successionText({ log, publicKey: next.publicKey, time });
      const note = signNote(text, [older, next]);
      await insertSuccession(tx, this.#options.chain, { publicKey: next.publicKey, note });
    }
  }
}
