import type { Queryable } from '../../database/database.ts';
import type { ErasureQuery, InformedSite } from '../../wall/erasure.ts';

export interface ErasureLink {
  readonly siteId: string;
  readonly userRef: string;
}

/**
 * Takes the person for the rest of the transaction, so that no login, token or event slips past the erasure,
 * whether or not the core has heard of them.
 * @returns their pseudonyms, in the order of sites, and whether the core has heard of them
 */
export async function holdSubject(
  tx: Queryable,
  subject: { tenantId: string; subjectId: string },
): Promise<{ links: ErasureLink[]; known: boolean }> {
  const key = [subject.tenantId, subject.subjectId];
  await tx.query('select core.lock_subject($1, $2)', key);
  const known = await tx.query(
    'select 1 from core.subjects where tenant_id = $1 and subject_id = $2 for update',
    key,
  );
  const links = await tx.query<ErasureLink>(
    `select site_id as "siteId", user_ref as "userRef" from core.pairwise_links
     where tenant_id = $1 and subject_id = $2 order by site_id for update`,
    key,
  );
  return { links, known: known.length === 1 };
}

/**
 * Notes that the site is being told. A second telling, after a restore, keeps the site's id of the erasure.
 * @returns what this site is to know the erasure by
 */
export async function insertNotice(
  tx: Queryable,
  notice: ErasureQuery & { siteId: string; siteRequestId: string; at: Date },
): Promise<string> {
  const [row] = await tx.query<{ site_request_id: string }>(
    `insert into core.erasure_notices (tenant_id, request_id, site_id, site_request_id, state_at)
     values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, request_id, site_id) do update set state = 'pending', state_at = excluded.state_at
     returning site_request_id`,
    [notice.tenantId, notice.requestId, notice.siteId, notice.siteRequestId, notice.at],
  );
  return row?.site_request_id ?? notice.siteRequestId;
}

export async function setNoticeEvent(
  tx: Queryable,
  notice: ErasureQuery & { siteId: string; eventId: string },
): Promise<void> {
  await tx.query(
    'update core.erasure_notices set event_id = $4 where tenant_id = $1 and request_id = $2 and site_id = $3',
    [notice.tenantId, notice.requestId, notice.siteId, notice.eventId],
  );
}

/** What became of a notice, of all endpoints of its site: the one that is worst off. */
const STATE_NOW = `case when n.event_id is null then n.state else (
    select case when count(*) = 0 then 'no_endpoint'
      when bool_or(d.state = 'pending') then 'pending'
      when bool_or(d.state = 'parked') then 'parked' else 'delivered' end
    from core.webhook_deliveries d where d.tenant_id = n.tenant_id and d.event_id = n.event_id) end`;
const STATE_AT = `coalesce((select max(d.finished_at) from core.webhook_deliveries d
    where d.tenant_id = n.tenant_id and d.event_id = n.event_id), n.state_at)`;

export function informedSites(tx: Queryable, query: ErasureQuery): Promise<InformedSite[]> {
  return tx.query<InformedSite>(
    `select n.site_id as "siteId", s.name, ${STATE_NOW} as state, ${STATE_AT} as at
     from core.erasure_notices n join core.sites s using (tenant_id, site_id)
     where n.tenant_id = $1 and n.request_id = $2 order by s.name, n.site_id`,
    [query.tenantId, query.requestId],
  );
}

/**
 * Writes the final state of notices whose webhook came to an end before `before`.
 * @returns the events that are no longer needed
 */
export async function settleNotices(
  tx: Queryable,
  query: { tenantId: string; before: Date; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ event_id: string }>(
    `with due as (
       select n.request_id, n.site_id, n.event_id, ${STATE_NOW} as state, ${STATE_AT} as at
       from core.erasure_notices n where n.tenant_id = $1 and n.event_id is not null)
     update core.erasure_notices n set event_id = null, state = due.state, state_at = due.at
     from (select * from due where state <> 'pending' and at < $2 limit $3) due
     where n.tenant_id = $1 and n.request_id = due.request_id and n.site_id = due.site_id
     returning due.event_id`,
    [query.tenantId, query.before, query.limit],
  );
  return rows.map((row) => row.event_id);
}
