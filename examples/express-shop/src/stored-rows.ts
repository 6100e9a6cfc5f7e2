import type { DatabaseSync } from 'node:sqlite';

export interface StoredTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Every row of the shop's own database that belongs to one person, whatever table it is in. Table and column
 * names come from the database itself, so a column that somebody adds later shows up here unasked.
 */
export function readStoredRows(database: DatabaseSync, userRef: string): StoredTable[] {
  const tables = database
    .prepare(
      `select m.name from sqlite_schema m join pragma_table_info(m.name) c
       where m.type = 'table' and c.name = 'user_ref' order by m.name`,
    )
    .all();
  return tables
    .map(({ name }) => readTable(database, String(name), userRef))
    .filter(({ rows }) => rows.length > 0);
}

function readTable(database: DatabaseSync, name: string, userRef: string): StoredTable {
  const statement = database.prepare(`select * from "${name.replaceAll('"', '""')}" where user_ref = ?`);
  const columns = statement.columns().map((column) => column.name);
  const rows = statement.all(userRef).map((row) => columns.map((column) => String(row[column] ?? '')));
  return { name, columns, rows };
}
