import type { Database } from '../../database/database.ts';
import { StatusListRepository } from '../status-list/status-list-repository.ts';
import { pruneWebhookEvents } from '../webhooks/webhook-housekeeping.ts';

/** A verifier's clock may be behind; places are kept this much longer than their passports live. */
const MARGIN_MS = 3_600_000;

/** Forgets passports that have expired, and webhook events that nobody will ask for any more. */
export async function keepRevocationHouse(database: Database, tenantId: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - MARGIN_MS);
  await new StatusListRepository(database, tenantId).purge(before);
  await pruneWebhookEvents(database, tenantId, now);
}
