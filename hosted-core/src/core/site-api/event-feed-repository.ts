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
