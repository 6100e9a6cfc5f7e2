import pg from 'pg';
import { migrate } from './migrate.ts';

export interface PrepareDatabaseOptions {
  /** As a superuser. */
  readonly serverUrl: string;
  readonly database: string;
  readonly corePassword: string;
  readonly cellPassword: string;
}

/** Creates the database when it is missing, migrates it, and gives the URLs of the three roles. */
export async function prepareDatabase(options: PrepareDatabaseOptions) {
  const { serverUrl, database } = options;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rows.length === 0) await client.query(`create database ${pg.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
  const urls = {
    adminUrl: urlFor(serverUrl, { database }),
    coreUrl: urlFor(serverUrl, { database, username: 'core_app', password: options.corePassword }),
    cellUrl: urlFor(serverUrl, { database, username: 'cell_app', password: options.cellPassword }),
  };
  await migrate(urls);
  return urls;
}

function urlFor(
  serverUrl: string,
  parts: { database: string; username?: string; password?: string },
): string {
  const url = new URL(serverUrl);
  url.pathname = `/${parts.database}`;
  if (parts.username) url.username = parts.username;
  if (parts.password) url.password = parts.password;
  return url.href;
}
