import pg from 'pg';

/** Every row of every table of the database as text, jobs and waiting deliveries included. */
export async function dumpDatabase(adminUrl: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ line: string }>(`select t::text as line from ${name} t`);
      parts.push(name, ...rows.map((row) => row.line));
    }
    return Buffer.from(parts.join('\n'));
  } finally {
    await client.end();
  }
}
