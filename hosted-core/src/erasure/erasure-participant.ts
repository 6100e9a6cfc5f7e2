import type { Queryable } from '../database/database.ts';

export interface SubjectKey {
  readonly tenantId: string;
  readonly subjectId: string;
}

/** Rows that are held about one person, by table (`schema.table`). Sealed values are not opened here. */
export type SubjectRecords = Readonly<Record<string, readonly object[]>>;

/**
 * How a module that keeps something about people takes part in data subject requests. Every table with a
 * column that leads to a person belongs to one participant; a test reads the catalogue for tables without.
 */
export interface ErasureParticipant<Subject extends SubjectKey = SubjectKey> {
  /** As `schema.table`. */
  readonly tables: readonly string[];
  /** What is held, in the caller's transaction (opened by `inTenant`). Tables without a row may be left out. */
  exportSubject(tx: Queryable, subject: Subject): Promise<SubjectRecords>;
  /** Deletes all of it. Rows that others refer to go after those: participants run in their order. */
  eraseSubject(tx: Queryable, subject: Subject): Promise<void>;
}

/**
 * Erases one person with all participants, then looks again: a row that is still there undoes everything.
 * The caller holds the person's row.
 * @returns how many rows were held before, by table
 */
export async function eraseWith<Subject extends SubjectKey>(
  participants: readonly ErasureParticipant<Subject>[],
  tx: Queryable,
  subject: Subject,
): Promise<Record<string, number>> {
  const before = count(await exportWith(participants, tx, subject));
  for (const participant of participants) await participant.eraseSubject(tx, subject);
  const left = count(await exportWith(participants, tx, subject));
  const names = Object.keys(left);
  if (names.length > 0) throw new Error(`Erasure left rows in ${names.join(', ')}; nothing was erased.`);
  return before;
}

/** Everything that the participants hold about one person. */
export async function exportWith<Subject extends SubjectKey>(
  participants: readonly ErasureParticipant<Subject>[],
  tx: Queryable,
  subject: Subject,
): Promise<SubjectRecords> {
  const all: Record<string, readonly object[]> = {};
  for (const participant of participants) Object.assign(all, await participant.exportSubject(tx, subject));
  return all;
}

function count(records: SubjectRecords): Record<string, number> {
  const entries = Object.entries(records).map(([table, rows]) => [table, rows.length] as const);
  return Object.fromEntries(entries.filter(([, rows]) => rows > 0));
}
