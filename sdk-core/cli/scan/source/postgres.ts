import { Problem } from '../../console/problem.ts';
import { bytesOf, type Cell, nextRows, type OpenDatabase, type Table } from './open-database.ts';
import { reasonOf } from './shown-name.ts';

const WITHIN_MS = 15_000;
const TABLES = `select n.nspname as schema, c.relname as name,
    array_agg(a.attname::text order by a.attnum) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname not like 'pg_temp%' and n.nspname not like 'pg_toast%'
  group by 1, 2 order by 1, 2`;
/** Rows of another server, and files inside this one. */
const CLOSED = `select c.oid::regclass::text as name, 'it is a table of another server: search it there' as why
    from pg_class c where c.relkind = 'f'
  union all select 'large objects', count(*) || ' of them: make a dump (pg_dump --blobs) and search that'
    from pg_largeobject_metadata having count(*) > 0`;

/** @throws Problem when the driver is missing or the database does not answer */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new Problem({ what: 'Searching PostgreSQL needs its driver.', fix: 'npm install -D pg', cause });
  });
  const client = new pg.Client({
    connectionString: url,
    application_name: 'userref scan',
    connectionTimeoutMillis: WITHIN_MS,
  });
  // A connection that ends is told by the query that it ends.
  client.on('error', () => {});
  const query = async <Row>(text: string) => (await client.query(text)).rows as Row[];
  await client.connect().catch((cause: unknown) => {
    throw new Problem({
      what: 'The database does not let us in.',
      why: reasonOf(cause),
      fix: 'Check address, name and password, from this machine: psql "$USERREF_SCAN_DATABASE_URL"',
    });
  });
  // Rows that a policy hides would be taken for absent ones, so such a table shall be refused instead.
  await query(`set row_security = off; set bytea_output = 'hex'; set client_encoding = 'UTF8'`);
  await query('begin transaction isolation level repeatable read read only');
  return {
    name: 'postgres',
    closed: await query<{ name: string; why: string }>(CLOSED),
    async tables() {
      const rows = await query<{ schema: string; name: string; columns: string[] }>(TABLES);
      return rows.map(({ schema, name, columns }) => ({ schema, name: `${schema}.${name}`, columns }));
    },
    rows: (table) => readRows(query, table),
    close: () => client.end(),
  };
}

async function* readRows(
  query: <Row>(text: string) => Promise<Row[]>,
  { schema = '', name, columns }: Table,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const from = `${quoted(schema)}.${quoted(name.slice(schema.length + 1))}`;
  const values = columns.map((column, index) => `${quoted(column)}::text as c${index}`).join(', ');
  await query('savepoint before_table');
  try {
    await query(`declare scan no scroll cursor for select ${values} from ${from}`);
    for (let asked = 1; ; ) {
      const rows = await query<Record<string, string | null>>(`fetch ${asked} from scan`);
      if (rows.length === 0) break;
      const cells = rows.map((row) => columns.map((_, index) => row[`c${index}`] ?? null));
      asked = nextRows({ rows: rows.length, bytes: bytesOf(cells) });
      yield cells;
    }
  } finally {
    await query('rollback to savepoint before_table');
  }
}
