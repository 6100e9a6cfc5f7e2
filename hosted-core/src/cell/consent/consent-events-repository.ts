import type { Queryable } from '../../database/database.ts';
import type { ConsentChange } from '../../wall/core-gateway.ts';
import type { PersonKey } from '../people/people-repository.ts';
import type { ConsentRecord } from './consents-repository.ts';

export type ConsentEventChange = 'granted' | 'renewed' | 'denied' | 'withdrawn' | 'expired';

export interface NewConsentEvents extends PersonKey {
  readonly change: ConsentEventChange;
  /** Set when the core is told. */
  readonly noticeId?: string;
  readonly consents: readonly ConsentRecord[];
  readonly occurredAt: Date;
}

export async function appendConsentEvents(tx: Queryable, events: NewConsentEvents): Promise<void> {
  await tx.query(
    `insert into cell.consent_events (tenant_id, consent_id, notice_id, change, subject_id, site_id, attribute,
       purpose_id, purpose_version, locale, expires_at, occurred_at)
     select $1, e."consentId", $2, $3, $4, e."siteId", e.attribute, e."purposeId", e."purposeVersion", e.locale,
       e."expiresAt", $5
     from jsonb_to_recordset($6) as e("consentId" text, "siteId" text, attribute text, "purposeId" text,
       "purposeVersion" int, locale text, "expiresAt" timestamptz)`,
    [
      events.tenantId,
      events.noticeId ?? null,
      events.change,
      events.subjectId,
      events.occurredAt,
      JSON.stringify(events.consents),
    ],
  );
}

interface NoticeRow {
  readonly subjectId: string;
  readonly siteId: string;
  readonly change: ConsentEventChange;
  readonly consentId: string;
  readonly attribute: string;
  readonly purposeId: string;
  readonly occurredAt: Date;
}

/** What the core is to be told under this id. */
export async function findNotice(
  tx: Queryable,
  query: { tenantId: string; noticeId: string },
): Promise<ConsentChange | undefined> {
  const rows = await tx.query<NoticeRow>(
    `select subject_id as "subjectId", site_id as "siteId", change, consent_id as "consentId", attribute,
       purpose_id as "purposeId", occurred_at as "occurredAt"
     from cell.consent_events where tenant_id = $1 and notice_id = $2 order by event_no`,
    [query.tenantId, query.noticeId],
  );
  const [first] = rows;
  if (!first) return undefined;
  return {
    eventId: query.noticeId,
    tenantId: query.tenantId,
    subjectId: first.subjectId,
    siteId: first.siteId,
    change: toldAs(first.change),
    consents: rows.map(({ consentId, attribute }) => ({ consentId, attribute })),
    purposeId: first.purposeId,
    occurredAt: first.occurredAt,
  };
}

/** A longer consent is, for the site, a consent again. Denials are never told: they would say something. */
function toldAs(change: ConsentEventChange): ConsentChange['change'] {
  if (change === 'withdrawn' || change === 'expired') return change;
  return 'granted';
}

export interface ActivityRow {
  /** Names the entry to {@link recentActivity}. */
  readonly eventNo: string;
  readonly change: ConsentEventChange;
  readonly siteId: string;
  readonly attribute: string;
  readonly occurredAt: Date;
}

export interface ActivityQuery extends PersonKey {
  readonly limit: number;
  readonly siteId?: string | undefined;
  readonly change?: ConsentEventChange | undefined;
  /** Only what happened before this entry. */
  readonly before?: string | undefined;
}

/** The latest first. */
export function recentActivity(tx: Queryable, query: ActivityQuery): Promise<ActivityRow[]> {
  return tx.query<ActivityRow>(
    `select event_no as "eventNo", change, site_id as "siteId", attribute, occurred_at as "occurredAt"
     from cell.consent_events
     where tenant_id = $1 and subject_id = $2 and ($4::text is null or site_id = $4)
       and ($5::text is null or change = $5) and ($6::bigint is null or event_no < $6)
     order by event_no desc limit $3`,
    [
      query.tenantId,
      query.subjectId,
      query.limit,
      query.siteId ?? null,
      query.change ?? null,
      query.before ?? null,
    ],
  );
}

/** Sites that something ever happened with. */
export async function activitySites(tx: Queryable, person: PersonKey): Promise<string[]> {
  const rows = await tx.query<{ siteId: string }>(
    `select distinct site_id as "siteId" from cell.consent_events where tenant_id = $1 and subject_id = $2 order by 1`,
    [person.tenantId, person.subjectId],
  );
  return rows.map(({ siteId }) => siteId);
}
