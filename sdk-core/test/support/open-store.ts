import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { createClient } from 'redis';
import type { EventCursor, SessionStore } from '../../src/index.ts';
import { redisEventCursor, redisSessionStore } from '../../stores/redis.ts';
import { sqlEventCursor, sqlSessionStore } from '../../stores/sql.ts';

export interface OpenedStore {
  readonly store: SessionStore;
  readonly cursor: EventCursor;
  close(): Promise<void>;
}

/** A store on a real server, by its address: `redis://` or `postgres://`. */
export async function openStore(url: string): Promise<OpenedStore> {
  return url.startsWith('redis:') ? openRedis(url) : openPostgres(url);
}

async function openRedis(url: string): Promise<OpenedStore> {
  const client = createClient({ url, disableOfflineQueue: true });
  client.on('error', () => undefined);
  await client.connect();
  return {
    store: redisSessionStore({ client }),
    cursor: redisEventCursor({ client }),
    close: async () => client.destroy(),
  };
}

async function openPostgres(connectionString: string): Promise<OpenedStore> {
  const pool = new pg.Pool({ connectionString, max: 5 });
  pool.on('error', () => undefined);
  const database = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  return {
    store: sqlSessionStore({ database }),
    cursor: sqlEventCursor({ database }),
    close: () => database.destroy(),
  };
}
