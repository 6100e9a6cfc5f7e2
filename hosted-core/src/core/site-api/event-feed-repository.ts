import type { Database } from '../../database/database.ts';

export interface FeedRow {
  readonly event_id: string;
  /** Place in this site's feed; bigint as text. */
  readonly place: string;
  readonly body: Buffer;
  readonly confirmed: boolean;
}

/** The site's events after a place, oldest first. */
export function readEventFeed(
  database: Database,
  query: { tenantId: string; siteId: string; after: string; limit: number },
): Promise<FeedRow[]> {
  return database.query<FeedRow>('select * from core.read_event_feed($1, $2, $3, $4)', [
    query.tenantId,
    query.siteId,
    query.after,
    query.limit,
  ]);
}

/** The place before the first event of a time or later, or the end of the feed. */
export async function placeInFeed(
  database: Database,
  query: { tenantId: string; siteId: string; since: Date },
): Promise<string> {
  const [row] = await database.inTenant(query.tenantId, (tx) =>
    tx.query<{ place: string }>(
      `select coalesce(
         (select min(e.position) - 1 from core.webhook_events e
          where e.tenant_id = $1 and e.site_id = $2 and e.position is not null and e.occurred_at >= $3),
         (select f.last_position from core.event_feeds f where f.tenant_id = $1 and f.site_id = $2),
         0) as place`,
      [query.tenantId, query.siteId, query.since],
    ),
  );
  return row?.place ?? '0';
}
