import type { Database } from '../../database/database.ts';
import { pruneEvents } from './recovery-repository.ts';

/**
 * How long events are kept, in days, after the last delivery has come to its end: for replays, for sites that
 * ask for what they missed, and for people who want to see who has confirmed. They hold pseudonyms.
 */
export const KEEP_EVENTS_DAYS = 30;
const BATCH = 500;

/** Forgets old events with their deliveries and attempts. @returns how many */
export async function pruneWebhookEvents(database: Database, tenantId: string, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_EVENTS_DAYS * 86_400_000);
  let total = 0;
  for (;;) {
    const pruned = await database.inTenant(tenantId, (tx) =>
      pruneEvents(tx, { tenantId, before, limit: BATCH }),
    );
    total += pruned;
    if (pruned < BATCH) return total;
  }
}
