import type { Database } from '../../database/database.ts';
import { destroyExpired, forgetExpired } from './sealed-envelopes-repository.ts';

export interface EndWindowsOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly tenantId: string;
  readonly now: () => Date;
}

const BATCH = 200;
/** For a month, a late site is told that the envelope has expired rather than that it never was. */
const KEEP_MS = 30 * 86_400_000;

/**
 * Destroys the keys of envelopes whose window is over. They are refused from that moment on, whether or not
 * this has run.
 */
export async function endWindows({ database, tenantId, now }: EndWindowsOptions): Promise<void> {
  const query = { tenantId, now: now(), limit: BATCH };
  while ((await database.inTenant(tenantId, (tx) => destroyExpired(tx, query))) > 0);
  const before = new Date(query.now.getTime() - KEEP_MS);
  await database.inTenant(tenantId, (tx) => forgetExpired(tx, { tenantId, before }));
}
