/** A file as it will be. */
export interface Change {
  /** From the project's folder. */
  readonly path: string;
  /** `null` for a file that is made. */
  readonly before: string | null;
  readonly after: string;
}

/** What a framework needs, worked out and not yet written. */
export interface Plan {
  /** Only what really changes; empty when all is there already. */
  readonly changes: readonly Change[];
  /** What only people can do. */
  readonly notes: readonly string[];
}
