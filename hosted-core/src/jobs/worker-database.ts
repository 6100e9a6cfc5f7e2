import { Database } from '../database/database.ts';

/** Jobs at a time, and one connection that listens. */
const MAX_CONNECTIONS = 9;

/**
 * The worker's way into the database. It listens, which a transaction pooler does not pass on: with a URL that
 * leads past the pooler it gets connections of its own, else it shares those of the half and looks once a second.
 */
export function openWorkerDatabase(
  shared: Database,
  url: string | undefined,
): { database: Database; close(): Promise<void> } {
  if (!url) return { database: shared, close: async () => {} };
  const database = new Database({
    connectionString: url,
    applicationName: 'userref-jobs',
    maxConnections: MAX_CONNECTIONS,
  });
  return { database, close: () => database.close() };
}
