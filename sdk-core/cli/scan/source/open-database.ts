/** A value of a row: text as text, the rest as the bytes that it has. */
export type Cell = Uint8Array | string | null;

export interface Table {
  /** With its schema where there are several. */
  readonly name: string;
  readonly schema?: string;
  readonly columns: readonly string[];
  /** Whether the rows that were are kept too, and are to be read. */
  readonly isVersioned?: boolean;
}

/** A database that can be read and is not changed. */
export interface OpenDatabase {
  readonly name: string;
  /** What there is besides tables and cannot be looked into, each with why. */
  readonly closed: readonly { name: string; why: string }[];
  tables(): Promise<readonly Table[]>;
  /** Rows in groups, however many there are. */
  rows(table: Table): AsyncIterable<readonly (readonly Cell[])[]>;
  close(): Promise<void>;
}

/** Rows in one group: some of a megabyte, however long they are. */
export const GROUP_BYTES = 1 << 20;
export const MOST_ROWS = 200;

/** How many rows to ask for next, after a group of so many rows and bytes. */
export function nextRows({ rows, bytes }: { rows: number; bytes: number }): number {
  const each = Math.max(1, bytes / Math.max(1, rows));
  return Math.max(1, Math.min(MOST_ROWS, 4 * rows, Math.floor(GROUP_BYTES / each)));
}

export function bytesOf(rows: readonly (readonly Cell[])[]): number {
  return rows.flat().reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
}
