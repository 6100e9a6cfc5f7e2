import { Problem } from '../../console/problem.ts';
import {
  bytesOf,
  type Cell,
  GROUP_BYTES,
  MOST_ROWS,
  type OpenDatabase,
  type Table,
} from './open-database.ts';
import { reasonOf } from './shown-name.ts';

const WITHIN_MS = 15_000;
const ROWS_AHEAD = 8;
/** MariaDB's name for a table that keeps the rows that were. */
const VERSIONED = 'SYSTEM VERSIONED';
const TABLES = `select c.table_name as name, c.column_name as col, t.table_type as type
  from information_schema.columns c
  join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.table_schema = database() and t.table_type in ('BASE TABLE', '${VERSIONED}')
  order by c.table_name, c.ordinal_position`;

/** MySQL and MariaDB. @throws Problem when the driver is missing or the database does not answer */
export async function openMysql(url: string): Promise<OpenDatabase> {
  const driver = await import('mysql2/promise').catch((cause: unknown) => {
    throw new Problem({
      what: 'Searching MySQL or MariaDB needs its driver.',
      fix: 'npm install -D mysql2',
      cause,
    });
  });
  const connection = await driver
    .createConnection({
      uri: url.replace(/^mariadb:/, 'mysql:'),
      connectTimeout: WITHIN_MS,
      rowsAsArray: true,
      // Every value as the bytes that came: no parsing, no loss.
      typeCast: (field) => field.buffer(),
    })
    .catch((cause: unknown) => {
      throw new Problem({
        what: 'The database does not let us in.',
        why: reasonOf(cause),
        fix: 'Check address, name and password, from this machine, with the mysql command.',
      });
    });
  // A connection that ends is told by the query that it ends.
  connection.on('error', () => {});
  await connection.query('start transaction with consistent snapshot, read only');
  return {
    name: 'mysql',
    closed: [],
    async tables() {
      const [rows] = await connection.query(TABLES);
      const tables = new Map<string, { columns: string[]; isVersioned: boolean }>();
      for (const [name, column, type] of rows as Buffer[][]) {
        const known = tables.get(String(name)) ?? { columns: [], isVersioned: String(type) === VERSIONED };
        known.columns.push(String(column));
        tables.set(String(name), known);
      }
      return [...tables].map(([name, table]) => ({ name, ...table }));
    },
    rows: (table) => readRows(connection, table),
    close: () => connection.end(),
  };
}

type PromiseConnection = Awaited<ReturnType<typeof import('mysql2/promise').createConnection>>;
type CallbackConnection = import('mysql2').Connection;

async function* readRows(
  connection: PromiseConnection,
  { name, columns, isVersioned = false }: Table,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const quoted = (text: string) => `\`${text.replaceAll('`', '``')}\``;
  const list = columns.map(quoted).join(', ');
  // The promise interface cannot stream; the connection below it can.
  const below = connection as unknown as { connection: CallbackConnection };
  const stream = below.connection
    .query({
      sql: `select ${list} from ${quoted(name)}${isVersioned ? ' for system_time all' : ''}`,
      rowsAsArray: true,
    })
    .stream({ highWaterMark: ROWS_AHEAD });
  let rows: Cell[][] = [];
  let size = 0;
  for await (const row of stream as AsyncIterable<Cell[]>) {
    rows.push(row);
    size += bytesOf([row]);
    if (size < GROUP_BYTES && rows.length < MOST_ROWS) continue;
    yield rows;
    [rows, size] = [[], 0];
  }
  yield rows;
}
