/** A value of a row: text as text, the rest as the bytes that it has. */
export type Cell = Uint8Array | string | null;

export interface Table {
  /** With its schema where there are several. */
  readonly name: string;
  readonly columns: readonly string[];
}

/** A database that can be read and is not changed. */
export interface OpenDatabase {
  readonly name: string;
  tables(): Promise<readonly Table[]>;
  /** Rows in groups, however many there are. */
  rows(table: Table): AsyncIterable<readonly (readonly Cell[])[]>;
  close(): Promise<void>;
}
