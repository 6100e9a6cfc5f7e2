import type { Queryable } from '../../database/database.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import type { PersonKey } from '../people/people-repository.ts';
import type { StandingDecision } from './consent.ts';

export interface ConsentRecord {
  readonly consentId: string;
  readonly siteId: string;
  readonly attribute: string;
  readonly purposeId: string;
  readonly purposeVersion: number;
  readonly locale: string;
  readonly decidedAt: Date;
  readonly expiresAt: Date | null;
}

export interface NewDecision extends ConsentRecord {
  readonly state: 'granted' | 'denied';
  readonly textHash: Buffer;
}

const RECORD = `consent_id as "consentId", site_id as "siteId", attribute, purpose_id as "purposeId",
  purpose_version as "purposeVersion", locale, decided_at as "decidedAt", expires_at as "expiresAt"`;

export interface StandingQuery extends PersonKey {
  readonly siteId: string;
  readonly purposeId: string;
}

export function standingDecisions(db: Queryable, query: StandingQuery): Promise<StandingDecision[]> {
  return db.query<StandingDecision>(
    `select attribute, state, purpose_version as "purposeVersion", decided_at as "decidedAt", expires_at as "expiresAt"
     from cell.standing_decisions($1, $2, $3, $4)`,
    [query.tenantId, query.subjectId, query.siteId, query.purposeId],
  );
}

/** As {@link standingDecisions}, as whole records; the caller holds the person's row. */
export function standingRecords(tx: Queryable, query: StandingQuery) {
  return tx.query<ConsentRecord & { state: 'granted' | 'denied' }>(
    `select ${RECORD}, state from cell.consents
     where tenant_id = $1 and subject_id = $2 and site_id = $3 and purpose_id = $4 and state in ('granted', 'denied')`,
    [query.tenantId, query.subjectId, query.siteId, query.purposeId],
  );
}

/** Writes a decision; one that carries the id of a standing decision takes its place. */
export async function saveDecision(tx: Queryable, person: PersonKey, decision: NewDecision): Promise<void> {
  await tx.query(
    `insert into cell.consents (tenant_id, consent_id, subject_id, site_id, attribute, purpose_id, purpose_version,
       purpose_text_sha256, locale, state, decided_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (tenant_id, consent_id) do update set purpose_version = excluded.purpose_version,
       purpose_text_sha256 = excluded.purpose_text_sha256, locale = excluded.locale, state = excluded.state,
       decided_at = excluded.decided_at, expires_at = excluded.expires_at`,
    [
      person.tenantId,
      decision.consentId,
      person.subjectId,
      decision.siteId,
      decision.attribute,
      decision.purposeId,
      decision.purposeVersion,
      decision.textHash,
      decision.locale,
      decision.state,
      decision.decidedAt,
      decision.expiresAt,
    ],
  );
}

export type EndedState = 'withdrawn' | 'expired';

/** Ends granted consents of one person; those that have ended before are left out of the answer. */
export function endConsents(
  tx: Queryable,
  person: PersonKey,
  end: { consentIds: readonly string[]; state: EndedState; at: Date },
): Promise<ConsentRecord[]> {
  return tx.query<ConsentRecord>(
    `update cell.consents set state = $4, withdrawn_at = case when $4 = 'withdrawn' then $5::timestamptz end
     where tenant_id = $1 and subject_id = $2 and consent_id = any ($3) and state = 'granted'
     returning ${RECORD}`,
    [person.tenantId, person.subjectId, end.consentIds, end.state, end.at],
  );
}

export function grantedRecords(tx: Queryable, person: PersonKey, siteId: string): Promise<ConsentRecord[]> {
  return tx.query<ConsentRecord>(
    `select ${RECORD} from cell.consents where tenant_id = $1 and subject_id = $2 and site_id = $3 and state = 'granted'`,
    [person.tenantId, person.subjectId, siteId],
  );
}

/** Whose a consent is, is part of the question: foreign and unknown ids give the same answer. */
export async function ownsConsent(tx: Queryable, person: PersonKey, consentId: string): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from cell.consents where tenant_id = $1 and subject_id = $2 and consent_id = $3',
    [person.tenantId, person.subjectId, consentId],
  );
  return rows.length === 1;
}

export function expiredRecords(tx: Queryable, query: { tenantId: string; now: Date; limit: number }) {
  return tx.query<ConsentRecord & { subjectId: string }>(
    `select ${RECORD}, subject_id as "subjectId" from cell.consents
     where tenant_id = $1 and state = 'granted' and expires_at <= $2 order by expires_at limit $3`,
    [query.tenantId, query.now, query.limit],
  );
}

export async function savePurposeText(
  tx: Queryable,
  row: { tenantId: string; siteId: string; purpose: PurposeText },
): Promise<void> {
  await tx.query(
    `insert into cell.purpose_texts (tenant_id, site_id, purpose_id, version, texts, max_duration_days, dpv_purpose, legal_basis)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      row.tenantId,
      row.siteId,
      row.purpose.purposeId,
      row.purpose.version,
      JSON.stringify(row.purpose.texts),
      row.purpose.maxDurationDays,
      row.purpose.dpvPurpose ?? null,
      row.purpose.legalBasis ?? null,
    ],
  );
}

export async function liveAttributes(
  db: Queryable,
  query: PersonKey & { siteId: string; purposeId?: string; now: Date },
): Promise<string[]> {
  if (query.purposeId !== undefined) {
    const [one] = await db.query<{ attributes: string[] }>(
      'select cell.live_consents_for($1, $2, $3, $4, $5) as attributes',
      [query.tenantId, query.subjectId, query.siteId, query.purposeId, query.now],
    );
    return one?.attributes ?? [];
  }
  const [row] = await db.query<{ attributes: string[] }>(
    'select cell.live_consents($1, $2, $3, $4) as attributes',
    [query.tenantId, query.subjectId, query.siteId, query.now],
  );
  return row?.attributes ?? [];
}

/** A consent of this person that lets its site read now. */
export async function liveRecord(
  tx: Queryable,
  person: PersonKey,
  query: { consentId: string; now: Date },
): Promise<LiveRecord | undefined> {
  const [row] = await tx.query<LiveRecord>(
    `select ${RECORD}, purpose_text_sha256 as "textHash", reads::int as reads, last_read_at as "lastReadAt"
     from cell.consents
     where tenant_id = $1 and subject_id = $2 and consent_id = $3 and state = 'granted' and expires_at > $4`,
    [person.tenantId, person.subjectId, query.consentId, query.now],
  );
  return row;
}

export interface LiveRecord extends ConsentRecord {
  readonly textHash: Buffer;
  readonly reads: number;
  readonly lastReadAt: Date | null;
}

/** Moves the end of a consent that lets its site read. */
export async function setExpiry(
  tx: Queryable,
  person: PersonKey,
  change: { consentId: string; expiresAt: Date },
): Promise<void> {
  await tx.query(
    `update cell.consents set expires_at = $4
     where tenant_id = $1 and subject_id = $2 and consent_id = $3 and state = 'granted'`,
    [person.tenantId, person.subjectId, change.consentId, change.expiresAt],
  );
}
