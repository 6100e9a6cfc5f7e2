/** A checkpoint on its way out of the database. */
export interface AnchoredCheckpoint {
  readonly log: string;
  readonly size: number;
  /** The signed note, exactly. */
  readonly note: string;
}

/** What an anchor holds, or a sign that somebody was at it. */
export interface AnchorFinding {
  /** Notes of the log, in the order in which they came. */
  readonly notes: readonly string[];
  /** What should never happen to an anchor, in words for the operator. */
  readonly suspicions: readonly string[];
}

/**
 * A place outside of the database that keeps checkpoints, so that a log which was rewritten together with
 * its database does not pass for the old one.
 */
export interface Anchor {
  /** Such as `file`, `s3`, `webhook`; what was anchored there is remembered under this name. */
  readonly name: string;
  /** Resolves when the checkpoint is kept. May be called again for the same one. */
  put(checkpoint: AnchoredCheckpoint): Promise<void>;
  /** What it holds of a log; absent where an anchor cannot be read back. */
  read?(log: string): Promise<AnchorFinding>;
}
