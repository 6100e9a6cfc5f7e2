import type { Database } from '../../database/database.ts';
import type { PurgeConfirmation } from '../../wall/revocation.ts';
import { type ConfirmationRow, listConfirmations } from './confirmations-repository.ts';

const MOST = 200;

/** What became of telling sites to purge, for the person: only what is theirs. */
export async function purgeConfirmations(
  database: Database,
  query: { tenantId: string; subjectId: string },
  now: Date,
): Promise<PurgeConfirmation[]> {
  const rows = await database.inTenant(query.tenantId, (tx) =>
    listConfirmations(tx, { ...query, limit: MOST }),
  );
  return rows.map((row) => toConfirmation(row, now));
}

/** The same for the operator, of all sites or of one. */
export async function tenantConfirmations(
  database: Database,
  query: { tenantId: string; siteId?: string | undefined },
  now: Date,
): Promise<(PurgeConfirmation & { eventId: string })[]> {
  const rows = await database.inTenant(query.tenantId, (tx) =>
    listConfirmations(tx, { ...query, limit: MOST }),
  );
  return rows.map((row) => ({ ...toConfirmation(row, now), eventId: row.eventId }));
}

function toConfirmation(row: ConfirmationRow, now: Date): PurgeConfirmation {
  const { data } = JSON.parse(row.body.toString('utf8')) as {
    data: { attributes?: string[]; consent_id?: string };
  };
  return {
    siteId: row.siteId,
    siteName: row.siteName,
    type: row.type as PurgeConfirmation['type'],
    attributes: data.attributes ?? [],
    consentId: data.consent_id ?? null,
    toldAt: row.occurredAt,
    dueAt: row.dueAt,
    state: stateOf(row, now),
    confirmedAt: row.confirmedAt,
  };
}

function stateOf(row: ConfirmationRow, now: Date): PurgeConfirmation['state'] {
  if (row.confirmedAt) return 'confirmed';
  const isReceived = row.delivered > 0 || row.wasPolled;
  const isGivenUp = row.pending === 0 && (row.deliveries > 0 || now > row.dueAt);
  if (!isReceived && isGivenUp) return 'not_delivered';
  if (now > row.dueAt) return 'overdue';
  return isReceived ? 'received' : 'on_its_way';
}
