/**
 * A `SessionStore` in an SQL database, by the package `kysely`: PostgreSQL, MySQL, SQLite, SQL Server.
 *
 * @module @userref/sdk-core/stores/sql
 */
import type { Kysely } from 'kysely';
import type { SessionStore } from '../src/session/session-store.ts';
import type { EventCursor } from '../src/webhooks/poll-events.ts';

/** The tables. Times are Unix seconds. */
export interface SessionStoreTables {
  userref_ended_sessions: {
    /** Ended is what was issued by `revoked_at` of `s`: the session `name`; `u`: the sessions of the user `name`. */
    kind: 's' | 'u';
    name: string;
    revoked_at: number;
    until: number;
  };
  userref_webhooks: { id: string; until: number };
  userref_event_cursor: { position: string };
}

/** Where in the database the store keeps what has ended. */
export interface SqlSessionStoreOptions {
  /** Any `Kysely`, whatever other tables it knows. */
  // biome-ignore lint/suspicious/noExplicitAny: a database type with other tables is as good
  readonly database: Kysely<any>;
  /** Default: the system clock. */
  readonly clock?: () => Date;
}

/** Rows past their end are deleted when a write finds the last time this long ago, in seconds. */
const SWEEP_SECONDS = 300;

/**
 * Rows are only ever added, so it is the same on every database, and what arrives late weakens nothing. Create
 * the tables with {@link createSessionStoreTables}, or in a migration of your own. Names are compared exactly:
 * on MySQL and SQL Server give `name` and `id` a binary collation.
 */
export function sqlSessionStore({ database, clock }: SqlSessionStoreOptions): SessionStore {
  const tables = database as Kysely<SessionStoreTables>;
  const now = () => Math.floor((clock?.() ?? new Date()).getTime() / 1000);
  let sweptAt = now();

  async function sweep(): Promise<void> {
    if (now() - sweptAt < SWEEP_SECONDS) return;
    sweptAt = now();
    await tables.deleteFrom('userref_ended_sessions').where('until', '<', sweptAt).execute();
    await tables.deleteFrom('userref_webhooks').where('until', '<', sweptAt).execute();
  }

  async function end(row: SessionStoreTables['userref_ended_sessions']): Promise<void> {
    await tables.insertInto('userref_ended_sessions').values(row).execute();
    await sweep();
  }

  return {
    revokeSession: (sid, until, issuedUntil = until) =>
      end({ kind: 's', name: sid, revoked_at: issuedUntil, until }),
    revokeUser: (userRef, revokedAt, until) =>
      end({ kind: 'u', name: userRef, revoked_at: revokedAt, until }),
    async isRevoked({ sid, userRef, issuedAt }) {
      const { found } = await tables
        .selectFrom('userref_ended_sessions')
        .select(({ fn }) => fn.countAll().as('found'))
        .where('revoked_at', '>=', issuedAt)
        .where(({ eb, and, or }) =>
          or([
            and([eb('kind', '=', 's'), eb('name', '=', sid)]),
            and([eb('kind', '=', 'u'), eb('name', '=', userRef)]),
          ]),
        )
        .executeTakeFirstOrThrow();
      return Number(found) > 0;
    },
    async rememberWebhook(id, until) {
      await sweep();
      try {
        await tables.insertInto('userref_webhooks').values({ id, until }).execute();
        return true;
      } catch (cause) {
        // Every database has its own code for "there already": looking is the same everywhere.
        const known = tables.selectFrom('userref_webhooks').select('id').where('id', '=', id);
        if ((await known.executeTakeFirst()) === undefined) throw cause;
        return false;
      }
    },
  };
}

/** The cursor of `pollEvents`, in a table of one row. */
export function sqlEventCursor({ database }: Pick<SqlSessionStoreOptions, 'database'>): EventCursor {
  const tables = database as Kysely<SessionStoreTables>;
  return {
    async load() {
      const row = await tables.selectFrom('userref_event_cursor').select('position').executeTakeFirst();
      return row?.position ?? null;
    },
    async save(next) {
      await tables.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('userref_event_cursor').execute();
        await transaction.insertInto('userref_event_cursor').values({ position: next }).execute();
      });
    },
  };
}

/** Creates the tables where they are missing: for development, and as a pattern for a migration. */
export async function createSessionStoreTables(database: SqlSessionStoreOptions['database']): Promise<void> {
  await database.schema
    .createTable('userref_ended_sessions')
    .ifNotExists()
    .addColumn('kind', 'char(1)', (column) => column.notNull())
    .addColumn('name', 'varchar(160)', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute();
  await database.schema
    .createIndex('userref_ended_sessions_name')
    .ifNotExists()
    .on('userref_ended_sessions')
    .columns(['kind', 'name'])
    .execute();
  await database.schema
    .createTable('userref_webhooks')
    .ifNotExists()
    .addColumn('id', 'varchar(160)', (column) => column.primaryKey())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .execute();
  await database.schema
    .createTable('userref_event_cursor')
    .ifNotExists()
    .addColumn('position', 'varchar(32)', (column) => column.primaryKey())
    .execute();
}
