import { Problem } from '../../console/problem.ts';
import type { Cell, OpenDatabase, Table } from './open-database.ts';

const ROWS_AT_A_TIME = 200;
const TABLES = `select c.table_name as name, c.column_name as col from information_schema.columns c
  join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.table_schema = database() and t.table_type = 'BASE TABLE'
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
      rowsAsArray: true,
      // Every value as the bytes that came: no parsing, no loss.
      typeCast: (field) => field.buffer(),
    })
    .catch((cause: Error & { code?: string }) => {
      throw new Problem({
        what: 'The database does not let us in.',
        why: cause.code ?? 'no answer',
        fix: 'Check address, name and password, from this machine, with the mysql command.',
      });
    });
  await connection.query('start transaction with consistent snapshot, read only');
  return {
    name: 'mysql',
    async tables() {
      const [rows] = await connection.query(TABLES);
      const columnsOf = new Map<string, string[]>();
      for (const [name, column] of rows as Buffer[][]) {
        const known = columnsOf.get(String(name)) ?? [];
        columnsOf.set(String(name), [...known, String(column)]);
      }
      return [...columnsOf].map(([name, columns]) => ({ name, columns }));
    },
    rows: (table) => readRows(connection, table),
    close: () => connection.end(),
  };
}

type PromiseConnection = Awaited<ReturnType<typeof import('mysql2/promise').createConnection>>;
type CallbackConnection = import('mysql2').Connection;

async function* readRows(
  connection: PromiseConnection,
  { name, columns }: Table,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const quoted = (text: string) => `\`${text.replaceAll('`', '``')}\``;
  const list = columns.map(quoted).join(', ');
  // The promise interface cannot stream; the connection below it can.
  const below = connection as unknown as { connection: CallbackConnection };
  const stream = below.connection
    .query({ sql: `select ${list} from ${quoted(name)}`, rowsAsArray: true })
    .stream({ highWaterMark: ROWS_AT_A_TIME });
  let rows: Cell[][] = [];
  for await (const row of stream as AsyncIterable<Cell[]>) {
    rows.push(row);
    if (rows.length < ROWS_AT_A_TIME) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}
