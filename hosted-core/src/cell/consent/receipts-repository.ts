import type { Queryable } from '../../database/database.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import type { PersonKey } from '../people/people-repository.ts';
import type { ConsentEventChange } from './consent-events-repository.ts';

export interface ReceiptRow {
  readonly receiptId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly siteOrigin: string;
  readonly purposeId: string;
  readonly purposeVersion: number;
  readonly textHash: Buffer;
  /** Language that the person read. */
  readonly locale: string;
  readonly consentIds: readonly string[];
  readonly decidedAt: Date;
}

export interface StoredPurpose {
  readonly texts: PurposeText['texts'];
  readonly maxDurationDays: number | null;
  readonly dpvPurpose: string | null;
  readonly legalBasis: string | null;
}

export interface ReceiptEvent {
  readonly consentId: string;
  readonly attribute: string;
  readonly change: ConsentEventChange;
  readonly expiresAt: Date | null;
  readonly occurredAt: Date;
}

const RECEIPT = `receipt_id as "receiptId", site_id as "siteId", site_name as "siteName", site_origin as "siteOrigin",
  purpose_id as "purposeId", purpose_version as "purposeVersion", purpose_text_sha256 as "textHash", locale,
  consent_ids as "consentIds", decided_at as "decidedAt"`;

export async function insertReceipt(tx: Queryable, person: PersonKey, row: ReceiptRow): Promise<void> {
  await tx.query(
    `insert into cell.consent_receipts (tenant_id, receipt_id, subject_id, site_id, site_name, site_origin,
       purpose_id, purpose_version, purpose_text_sha256, locale, consent_ids, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      person.tenantId,
      row.receiptId,
      person.subjectId,
      row.siteId,
      row.siteName,
      row.siteOrigin,
      row.purposeId,
      row.purposeVersion,
      row.textHash,
      row.locale,
      row.consentIds,
      row.decidedAt,
    ],
  );
}

/** Foreign and unknown ids give the same answer. */
export async function findReceipt(
  tx: Queryable,
  person: PersonKey,
  receiptId: string,
): Promise<ReceiptRow | undefined> {
  const [row] = await tx.query<ReceiptRow>(
    `select ${RECEIPT} from cell.consent_receipts where tenant_id = $1 and subject_id = $2 and receipt_id = $3`,
    [person.tenantId, person.subjectId, receiptId],
  );
  return row;
}

/** The latest first. */
export function listReceipts(tx: Queryable, person: PersonKey, limit: number) {
  return tx.query<ReceiptRow & { attributes: string[] }>(
    `select ${RECEIPT}, array(select c.attribute from cell.consents c where c.tenant_id = r.tenant_id
       and c.consent_id = any (r.consent_ids) order by c.attribute) as attributes
     from cell.consent_receipts r where tenant_id = $1 and subject_id = $2
     order by decided_at desc, receipt_id limit $3`,
    [person.tenantId, person.subjectId, limit],
  );
}

/** The newest receipt that a consent stands on. */
export async function newestReceiptOf(
  tx: Queryable,
  person: PersonKey,
  consentId: string,
): Promise<ReceiptRow | undefined> {
  const [row] = await tx.query<ReceiptRow>(
    `select ${RECEIPT} from cell.consent_receipts
     where tenant_id = $1 and subject_id = $2 and $3 = any (consent_ids) order by decided_at desc limit 1`,
    [person.tenantId, person.subjectId, consentId],
  );
  return row;
}

/** What happened to the consents of a receipt, from its decision on, in order. */
export function receiptEvents(
  tx: Queryable,
  person: PersonKey,
  receipt: ReceiptRow,
): Promise<ReceiptEvent[]> {
  return tx.query<ReceiptEvent>(
    `select consent_id as "consentId", attribute, change, expires_at as "expiresAt", occurred_at as "occurredAt"
     from cell.consent_events
     where tenant_id = $1 and subject_id = $2 and consent_id = any ($3) and occurred_at >= $4 order by event_no`,
    [person.tenantId, person.subjectId, receipt.consentIds, receipt.decidedAt],
  );
}

export interface PurposeKey {
  readonly tenantId: string;
  readonly siteId: string;
  readonly purposeId: string;
  readonly version: number;
}

/** The wording that was agreed to, whatever the site registers later. */
export async function storedPurpose(tx: Queryable, key: PurposeKey): Promise<StoredPurpose | undefined> {
  const [row] = await tx.query<StoredPurpose>(
    `select texts, max_duration_days as "maxDurationDays", dpv_purpose as "dpvPurpose", legal_basis as "legalBasis"
     from cell.purpose_texts where tenant_id = $1 and site_id = $2 and purpose_id = $3 and version = $4`,
    [key.tenantId, key.siteId, key.purposeId, key.version],
  );
  return row;
}
