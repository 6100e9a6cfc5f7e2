import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, type Logger } from '../observability/logger.ts';
import { anchorNewest } from './anchor-checkpoint.ts';
import type { Anchor } from './anchors/anchor.ts';
import type { Chain } from './chain.ts';
import { Checkpointer, LogRewrittenError } from './checkpointer.ts';
import { sequenceBatch } from './sequencer.ts';
import type { SignerFile } from './signer-file.ts';

/** What proves the log to others; without a signer there are numbers and hashes, but no checkpoints. */
export interface AuditProofs {
  readonly signer?: SignerFile | undefined;
  readonly anchors: readonly Anchor[];
  readonly anchorEverySeconds: number;
}

/** For tests and embedding programs. */
export const NO_PROOFS: AuditProofs = { anchors: [], anchorEverySeconds: 60 };

export interface AuditLoopOptions extends AuditProofs {
  readonly chain: Chain;
  readonly logger: Logger;
  readonly now?: () => Date;
  /** Pause when nothing waits. Default 200. */
  readonly pollMs?: number;
}

const CHECKPOINT_EVERY_MS = 1_000;
const CHECKPOINT_EVERY_ENTRIES = 1_000;
/** How often a process looks at a log that others number. */
const LOOK_EVERY_MS = 10_000;
const AFTER_FAULT_MS = 1_000;

/**
 * Numbers, signs and anchors what domains have written, until stopped. Any number of processes may run it;
 * when one dies the others carry on where it was.
 */
export function startAuditLoop(options: AuditLoopOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loops = [keepNumbering(options, signal), keepAnchoring(options, signal)];
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function keepNumbering(options: AuditLoopOptions, signal: AbortSignal): Promise<void> {
  const { chain, logger, signer, now = () => new Date(), pollMs = 200 } = options;
  const checkpointer = signer && new Checkpointer({ chain, signer, now });
  let [fresh, signedAt, lookAt] = [0, 0, 0];
  const isDue = (at: number) =>
    fresh >= CHECKPOINT_EVERY_ENTRIES || at >= (fresh > 0 ? signedAt + CHECKPOINT_EVERY_MS : lookAt);
  while (!signal.aborted) {
    try {
      const count = await sequenceBatch(chain);
      fresh += count;
      const at = Date.now();
      if (checkpointer && isDue(at)) {
        await checkpointer.checkpoint();
        [fresh, signedAt, lookAt] = [0, at, at + LOOK_EVERY_MS];
      }
      if (count === 0) await pause(pollMs, signal);
    } catch (error) {
      if (error instanceof LogRewrittenError)
        logger.fatal({ half: chain.schema, err: describeError(error) }, 'audit log was tampered with');
      else logger.warn({ half: chain.schema, err: describeError(error) }, 'audit log has to wait');
      await pause(AFTER_FAULT_MS, signal);
    }
  }
}

async function keepAnchoring(options: AuditLoopOptions, signal: AbortSignal): Promise<void> {
  const { chain, logger, anchors, anchorEverySeconds } = options;
  while (anchors.length > 0 && !signal.aborted) {
    await pause(anchorEverySeconds * 1_000, signal);
    for (const anchor of anchors) {
      await anchorNewest(chain, anchor).catch((error) =>
        logger.warn({ anchor: anchor.name, err: describeError(error) }, 'checkpoint was not anchored'),
      );
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => {});
}
