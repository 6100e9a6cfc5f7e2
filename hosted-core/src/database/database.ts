import pg from 'pg';
import { UserrefError } from '../errors/userref-error.ts';

/** Anything that runs SQL: a pool or an open transaction. */
export interface Queryable {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface DatabaseOptions {
  readonly connectionString: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Default 10. */
  readonly maxConnections?: number;
}

/** Tenants are put into `SET LOCAL`, which takes no parameter, so their form is checked strictly. */
const TENANT_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** SQLSTATE classes that mean «the database is away», not «the statement was wrong». */
const AWAY = /^(08|53|57P0[1-4])/;
const AWAY_ERRNO = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);

/**
 * One role's way into PostgreSQL. No setting outlives a statement or a transaction, so a transaction
 * pooler may stand in between.
 */
export class Database implements Queryable {
  readonly #pool: pg.Pool;

  constructor(options: DatabaseOptions) {
    this.#pool = new pg.Pool({
      connectionString: options.connectionString,
      application_name: options.applicationName,
      max: options.maxConnections ?? 10,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: 30_000,
    });
    // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return run<Row>(this.#pool, text, values);
  }

  /** Runs `work` in one transaction; rolls back when it throws. */
  async inTransaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#transaction('begin', work);
  }

  /** Like {@link inTransaction}, with row level security open for this tenant and no other. */
  async inTenant<T>(tenantId: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
    if (!TENANT_PATTERN.test(tenantId))
      throw new UserrefError('not_found', { logDetail: 'malformed tenant id' });
    return this.#transaction(`begin; set local userref.tenant = '${tenantId}'`, work);
  }

  /** Resolves when the database answers; throws `service_unavailable` otherwise. */
  async ping(): Promise<void> {
    await this.query('select 1');
  }

  /** For libraries that bring their own SQL, such as the job queue. */
  get pool(): pg.Pool {
    return this.#pool;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #transaction<T>(begin: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((cause) => {
      throw translate(cause);
    });
    let broken: Error | undefined;
    try {
      await run(client, begin, undefined);
      const result = await work({ query: (text, values = []) => run(client, text, values) });
      await run(client, 'commit', undefined);
      return result;
    } catch (error) {
      await client.query('rollback').catch((cause: Error) => {
        broken = cause;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

interface Runner {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

async function run<Row>(
  runner: Runner,
  text: string,
  values: readonly unknown[] | undefined,
): Promise<Row[]> {
  try {
    const result = await (values === undefined
      ? runner.query(text)
      : runner.query(text, values as unknown[]));
    return result.rows as Row[];
  } catch (cause) {
    throw translate(cause);
  }
}

/** A database that is away becomes `service_unavailable`; every other fault stays what it is. */
function translate(cause: unknown): unknown {
  const code = (cause as { code?: unknown }).code;
  const message = cause instanceof Error ? cause.message : '';
  const away =
    (typeof code === 'string' && (AWAY.test(code) || AWAY_ERRNO.has(code))) ||
    /timeout exceeded when trying to connect|Connection terminated/i.test(message);
  if (!away) return cause;
  return new UserrefError('service_unavailable', {
    cause,
    logDetail: `database away (${String(code ?? 'no connection')})`,
    retryAfterSeconds: 2,
  });
}
