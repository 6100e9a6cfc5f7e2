import type { Database, Queryable } from '../../src/database/database.ts';
import { until } from './until.ts';

/** Runs `work` in a transaction of the tenant, which stays open until `release()`. */
export async function heldOpen(
  database: Database,
  tenantId: string,
  work: (tx: Queryable) => Promise<unknown>,
): Promise<{ release(): Promise<void> }> {
  const opened = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const done = database.inTenant(tenantId, async (tx) => {
    await work(tx);
    opened.resolve();
    await released.promise;
  });
  await Promise.race([opened.promise, done]);
  return {
    async release() {
      released.resolve();
      await done;
    },
  };
}

/** Resolves when a statement in this database waits for a lock. */
export async function untilSomebodyWaits(admin: Database): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await until(() => admin.query(waiting), 'somebody who waits for a lock');
}

/** `first` is under way when `second` starts, and ends only when `second` waits for it. */
export async function whileOpen<T>(
  held: { release(): Promise<void> },
  admin: Database,
  second: () => Promise<T>,
): Promise<T> {
  const outcome = second();
  outcome.catch(() => {});
  await untilSomebodyWaits(admin);
  await held.release();
  return outcome;
}
