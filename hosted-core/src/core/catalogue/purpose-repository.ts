import type { Queryable } from '../../database/database.ts';
import type { PurposeText } from '../../wall/region-cell.ts';

export interface ListedPurpose {
  readonly siteId: string;
  readonly purposeId: string;
  readonly version: number;
  readonly maxDurationDays: number;
  readonly dpvPurpose: string | null;
  readonly languages: string[];
  readonly publishedAt: Date | null;
}

/** A purpose as `core.find_site` gives it. */
export interface PurposeRow {
  readonly purpose_id: string;
  readonly version: number;
  readonly max_duration_days: number;
  readonly texts: PurposeText['texts'];
  readonly dpv_purpose: string | null;
  readonly legal_basis: string | null;
}

export function toPurpose(row: PurposeRow): PurposeText {
  return {
    purposeId: row.purpose_id,
    version: row.version,
    maxDurationDays: row.max_duration_days,
    texts: row.texts,
    ...(row.dpv_purpose && { dpvPurpose: row.dpv_purpose }),
    ...(row.legal_basis && { legalBasis: row.legal_basis }),
  };
}

export async function insertPurpose(
  tx: Queryable,
  row: { tenantId: string; siteId: string; purpose: PurposeText; publishedAt: Date | null },
): Promise<void> {
  const { purpose } = row;
  await tx.query(
    `insert into core.purposes (tenant_id, site_id, purpose_id, version, max_duration_days, texts, dpv_purpose,
       legal_basis, published_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.tenantId,
      row.siteId,
      purpose.purposeId,
      purpose.version,
      purpose.maxDurationDays,
      JSON.stringify(purpose.texts),
      purpose.dpvPurpose ?? null,
      purpose.legalBasis ?? null,
      row.publishedAt,
    ],
  );
}

export async function newestVersion(
  tx: Queryable,
  key: { tenantId: string; siteId: string; purposeId: string },
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `select coalesce(max(version), 0) as version from core.purposes
     where tenant_id = $1 and site_id = $2 and purpose_id = $3`,
    [key.tenantId, key.siteId, key.purposeId],
  );
  return row?.version ?? 0;
}

/** @returns the version that was published; `undefined` when the newest one is published already or unknown */
export async function publishNewest(
  tx: Queryable,
  key: { tenantId: string; siteId: string; purposeId: string },
): Promise<number | undefined> {
  const [row] = await tx.query<{ version: number }>(
    `update core.purposes p set published_at = now()
     where p.tenant_id = $1 and p.site_id = $2 and p.purpose_id = $3 and p.published_at is null
       and p.version = (select max(version) from core.purposes
         where tenant_id = $1 and site_id = $2 and purpose_id = $3)
     returning p.version`,
    [key.tenantId, key.siteId, key.purposeId],
  );
  return row?.version;
}

export function listPurposes(
  tx: Queryable,
  tenantId: string,
  siteId: string | undefined,
): Promise<ListedPurpose[]> {
  return tx.query<ListedPurpose>(
    `select site_id as "siteId", purpose_id as "purposeId", version, max_duration_days as "maxDurationDays",
       dpv_purpose as "dpvPurpose", array(select jsonb_object_keys(texts) order by 1) as languages,
       published_at as "publishedAt"
     from core.purposes where tenant_id = $1 and ($2::text is null or site_id = $2)
     order by site_id, purpose_id, version`,
    [tenantId, siteId ?? null],
  );
}
