import { hash } from 'node:crypto';
import type { AuditEntry } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import { type SealedColumns, type SealedValues, toSealedValues } from '../vault/stored-attributes.ts';

/** Who asks, with which token. */
export interface Caller {
  readonly tenantId: string;
  /** As sent; only its SHA-256 goes further. */
  readonly accessToken: string;
  /** Set when the site asks on its own, with a client credentials token. */
  readonly userRef?: string | undefined;
}

export interface ReleaseAsk extends Caller {
  readonly names: readonly string[];
  /** What the names are read or derived from. */
  readonly storedNames: readonly string[];
  readonly purpose: string;
  /** To be written down along with a release; its site and person are filled in there. */
  readonly entry?: AuditEntry | undefined;
}

/** Where and when it is decided. */
export interface DecisionTerms {
  /** The cell's address, as the tokens must name it. */
  readonly audience: string;
  readonly now: Date;
}

export type ReleaseDecision =
  | { readonly outcome: 'invalid_token' }
  | { readonly outcome: 'not_found'; readonly site_id: string }
  | { readonly outcome: 'processing_restricted'; readonly site_id: string; readonly audit_ref: string }
  | {
      readonly outcome: 'consent_required';
      readonly site_id: string;
      readonly audit_ref: string;
      /** Where the site takes requests to ask the person, if it has said. */
      readonly ask_at: string | null;
      readonly missing: readonly { readonly attribute: string; readonly expired: boolean }[];
    }
  | Released;

export interface Released {
  readonly outcome: 'released';
  readonly site_id: string;
  readonly audit_ref: string;
  readonly subject_id: string;
  readonly epoch: number;
  readonly consent_ids: readonly string[];
  readonly sealed: SealedValues;
  /** Whether its entry is committed; what allowed it could not end before. */
  readonly is_written: boolean;
}

export interface SiteConsent {
  readonly consent_id: string;
  readonly attribute: string;
  readonly purpose: string;
  readonly purpose_version: number;
  readonly state: 'granted' | 'withdrawn' | 'expired';
  readonly decided_at: string;
  readonly expires_at: string | null;
  readonly withdrawn_at: string | null;
}

export type SiteConsents =
  | { readonly outcome: 'invalid_token' }
  | { readonly outcome: 'not_found'; readonly site_id: string }
  | { readonly outcome: 'found'; readonly site_id: string; readonly consents: readonly SiteConsent[] };

/**
 * Decides, reads and writes down in one round trip, for asks of one tenant; `cell.release_attributes` says how.
 * @returns a decision for each, in their order
 */
export async function releaseAll(
  database: Queryable,
  asks: readonly ReleaseAsk[],
  { audience, now }: DecisionTerms,
): Promise<ReleaseDecision[]> {
  const rows = await database.query<DecisionRow>(
    'select * from cell.release_attributes($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [
      asks[0]?.tenantId,
      audience,
      now,
      asks.map((ask) => hashToken(ask.accessToken)),
      asks.map((ask) => ask.userRef),
      asks.map((ask) => ask.names.join()),
      asks.map((ask) => ask.storedNames.join()),
      asks.map((ask) => ask.purpose),
      asks.some(({ entry }) => entry) ? JSON.stringify(asks.map(({ entry }) => entryRow(entry))) : null,
    ],
  );
  return rows.map(toDecision);
}

function entryRow(entry: AuditEntry | undefined): object {
  return entry ? { action: entry.action, request_id: entry.requestId, data: entry.data } : {};
}

/** A row of `cell.release_attributes`; the outcome says which columns are filled. */
export type DecisionRow = Exclude<ReleaseDecision, { outcome: 'released' }> | ReleasedRow;
type ReleasedRow = Omit<Released, 'sealed' | 'consent_ids'> &
  SealedColumns & { readonly consent_ids: string };

export function toDecision(row: DecisionRow): ReleaseDecision {
  if (row.outcome !== 'released') return row;
  return { ...row, consent_ids: row.consent_ids.split(','), sealed: toSealedValues(row) };
}

/** The consents that a person has given to the asking site. */
export async function readSiteConsents(
  database: Database,
  query: Caller & { readonly audience: string; readonly now: Date },
): Promise<SiteConsents> {
  const rows = await database.query<{ found: SiteConsents }>(
    'select cell.site_consents($1, $2, $3, $4, $5) as found',
    [query.tenantId, hashToken(query.accessToken), query.userRef, query.audience, query.now],
  );
  return only(rows).found;
}

/** How tokens are stored. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

function only<Row>(rows: readonly Row[]): Row {
  const row = rows[0];
  if (row === undefined) throw new TypeError('a function call answers with one row');
  return row;
}

/** How often a consent was used since it was last counted. */
export interface CountedReads {
  readonly consent_id: string;
  reads: number;
  last_read_at: Date;
}

/** Adds counts to the consents; for people to look at, the audit log is exact. */
export async function countReads(
  database: Database,
  { tenantId, reads }: { tenantId: string; reads: readonly CountedReads[] },
): Promise<void> {
  await database.query('select cell.count_reads($1, $2)', [tenantId, JSON.stringify(reads)]);
}
