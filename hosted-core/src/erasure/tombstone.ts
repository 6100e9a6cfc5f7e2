/** What stays of an erased person: enough to erase them again from a restored backup, and nothing else. */
export interface Tombstone {
  readonly tenantId: string;
  readonly tombstoneId: string;
  /** 1, 2, 3 … without a gap, per tenant and half. */
  readonly sequence: number;
  /** SHA-256 over the person's random id, 32 bytes in hex. */
  readonly subjectSha256: string;
  readonly requestId: string;
  readonly erasedAt: Date;
  /** Until then a backup may exist that still opens the data. */
  readonly backupsUntil: Date;
}

/** Each half has tombstones of its own, since each may be restored alone. */
export type TombstoneHalf = 'core' | 'cell';

/** A tombstone that is about to be written. */
export type NewTombstone = Omit<Tombstone, 'sequence' | 'tombstoneId' | 'subjectSha256'> & {
  readonly subjectId: string;
};
