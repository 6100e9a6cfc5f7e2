import type { Queryable } from '../../database/database.ts';

export interface Confirmation {
  readonly tenantId: string;
  readonly siteId: string;
  readonly eventId: string;
  readonly by: 'response' | 'ack';
  /** `webhook-timestamp` and signature of an acknowledgement. */
  readonly proof?: string | undefined;
}

/**
 * Takes note that the site has purged; the first confirmation stays.
 * @returns `undefined` for an event that is unknown or another site's; whether this was the first
 */
export async function noteConfirmation(
  tx: Queryable,
  confirmation: Confirmation,
): Promise<{ type: string; isFirst: boolean } | undefined> {
  const { tenantId, siteId, eventId, by, proof } = confirmation;
  const key = [tenantId, siteId, eventId];
  const [noted] = await tx.query<{ type: string }>(
    `update core.webhook_events set confirmed_at = clock_timestamp(), confirmed_by = $4, confirmation_proof = $5
     where tenant_id = $1 and site_id = $2 and event_id = $3 and confirmed_at is null
       and confirmation_due_at is not null returning type`,
    [...key, by, proof ?? null],
  );
  if (noted) return { type: noted.type, isFirst: true };
  const [known] = await tx.query<{ type: string }>(
    'select type from core.webhook_events where tenant_id = $1 and site_id = $2 and event_id = $3',
    key,
  );
  return known && { type: known.type, isFirst: false };
}

export interface ConfirmationRow {
  readonly eventId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly type: string;
  readonly body: Buffer;
  readonly occurredAt: Date;
  readonly dueAt: Date;
  readonly confirmedAt: Date | null;
  /** Of its deliveries: how many there are, wait, and arrived. */
  readonly deliveries: number;
  readonly pending: number;
  readonly delivered: number;
  /** The site has asked for it by itself. */
  readonly wasPolled: boolean;
}

/** Events that are or were to be confirmed: of one person, or of the tenant; the latest first. */
export function listConfirmations(
  tx: Queryable,
  query: { tenantId: string; subjectId?: string; siteId?: string | undefined; limit: number },
): Promise<ConfirmationRow[]> {
  return tx.query<ConfirmationRow>(
    `select e.event_id as "eventId", e.site_id as "siteId", s.name as "siteName", e.type, e.body,
       e.occurred_at as "occurredAt", e.confirmation_due_at as "dueAt", e.confirmed_at as "confirmedAt",
       count(d.delivery_id)::int as deliveries,
       count(d.delivery_id) filter (where d.state = 'pending')::int as pending,
       count(d.delivery_id) filter (where d.state = 'delivered')::int as delivered,
       e.position is not null as "wasPolled"
     from core.webhook_events e
     join core.sites s on s.tenant_id = e.tenant_id and s.site_id = e.site_id
     left join core.webhook_deliveries d on d.tenant_id = e.tenant_id and d.event_id = e.event_id
     where e.tenant_id = $1 and e.confirmation_due_at is not null
       and ($2::uuid is null or e.user_ref in (
         select user_ref from core.pairwise_links where tenant_id = $1 and subject_id = $2))
       and ($3::text is null or e.site_id = $3)
     group by e.tenant_id, e.event_id, s.name order by e.occurred_at desc limit $4`,
    [query.tenantId, query.subjectId ?? null, query.siteId ?? null, query.limit],
  );
}
