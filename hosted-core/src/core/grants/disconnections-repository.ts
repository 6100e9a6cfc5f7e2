import type { Queryable } from '../../database/database.ts';
import type { DisconnectedSite } from '../../wall/disconnection.ts';

/** Holds the link until the commit, so that no login hands the pseudonym out meanwhile. */
export async function holdLink(
  tx: Queryable,
  key: { tenantId: string; siteId: string; subjectId: string },
): Promise<string | undefined> {
  const [row] = await tx.query<{ userRef: string }>(
    `select user_ref as "userRef" from core.pairwise_links
     where tenant_id = $1 and site_id = $2 and subject_id = $3 for update`,
    [key.tenantId, key.siteId, key.subjectId],
  );
  return row?.userRef;
}

/** Nothing leads from the person to the pseudonym any more, nor back. */
export async function deleteLink(
  tx: Queryable,
  key: { tenantId: string; siteId: string; subjectId: string },
): Promise<void> {
  await tx.query(
    'delete from core.pairwise_links where tenant_id = $1 and site_id = $2 and subject_id = $3',
    [key.tenantId, key.siteId, key.subjectId],
  );
}

/** @returns `false` when this request was taken before */
export async function insertDisconnection(
  tx: Queryable,
  row: { tenantId: string; requestId: string; siteId: string; siteRequestId: string; at: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into core.site_disconnections (tenant_id, request_id, site_id, site_request_id, state_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing returning request_id`,
    [row.tenantId, row.requestId, row.siteId, row.siteRequestId, row.at],
  );
  return rows.length === 1;
}

export async function noteEvent(
  tx: Queryable,
  row: { tenantId: string; requestId: string; eventId: string },
): Promise<void> {
  await tx.query(
    'update core.site_disconnections set event_id = $3 where tenant_id = $1 and request_id = $2',
    [row.tenantId, row.requestId, row.eventId],
  );
}

/** What became of telling the site: what it confirmed, else of all its endpoints the one that is worst off. */
const STATE_NOW = `case when x.event_id is null then x.state else (
    select case when e.confirmed_at is not null then 'confirmed'
      when count(d.*) = 0 and e.position is null then 'no_endpoint'
      when bool_or(d.state = 'pending') then 'pending'
      when bool_or(d.state = 'parked') then 'parked'
      when e.confirmation_due_at < now() then 'overdue' else 'delivered' end
    from core.webhook_events e
    left join core.webhook_deliveries d on d.tenant_id = e.tenant_id and d.event_id = e.event_id
    where e.tenant_id = x.tenant_id and e.event_id = x.event_id group by e.tenant_id, e.event_id) end`;
const STATE_AT = `coalesce((select coalesce(e.confirmed_at, max(d.finished_at)) from core.webhook_events e
    left join core.webhook_deliveries d on d.tenant_id = e.tenant_id and d.event_id = e.event_id
    where e.tenant_id = x.tenant_id and e.event_id = x.event_id group by e.tenant_id, e.event_id), x.state_at)`;

export function disconnectedSites(
  tx: Queryable,
  query: { tenantId: string; requestIds: readonly string[] },
): Promise<DisconnectedSite[]> {
  return tx.query<DisconnectedSite>(
    `select x.request_id as "requestId", x.site_id as "siteId", ${STATE_NOW} as state, ${STATE_AT} as at
     from core.site_disconnections x where x.tenant_id = $1 and x.request_id = any ($2)`,
    [query.tenantId, query.requestIds],
  );
}

/**
 * Writes the final state of requests whose webhook came to an end before `before`.
 * @returns the events that are no longer needed
 */
export async function settleDisconnections(
  tx: Queryable,
  query: { tenantId: string; before: Date; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ event_id: string }>(
    `with due as (
       select x.request_id, x.event_id, ${STATE_NOW} as state, ${STATE_AT} as at
       from core.site_disconnections x where x.tenant_id = $1 and x.event_id is not null)
     update core.site_disconnections x set event_id = null, state = due.state, state_at = due.at
     from (select * from due where state <> 'pending' and at < $2 limit $3) due
     where x.tenant_id = $1 and x.request_id = due.request_id
     returning due.event_id`,
    [query.tenantId, query.before, query.limit],
  );
  return rows.map((row) => row.event_id);
}

/** All events that name a pseudonym. */
export async function eventsAbout(
  tx: Queryable,
  { tenantId, userRef }: { tenantId: string; userRef: string },
): Promise<string[]> {
  const rows = await tx.query<{ event_id: string }>(
    'select event_id from core.webhook_events where tenant_id = $1 and user_ref = $2',
    [tenantId, userRef],
  );
  return rows.map((row) => row.event_id);
}
