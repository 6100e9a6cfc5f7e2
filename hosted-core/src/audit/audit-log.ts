import type { AuditAction } from '../contract/generated.ts';
import type { Queryable } from '../database/database.ts';

/**
 * One entry of the audit log. Names, numbers and opaque ids only: no personal data, and people appear
 * by their random `audit_ref`, which erasure forgets.
 */
export interface AuditEntry {
  readonly tenantId: string;
  readonly action: AuditAction;
  readonly siteId?: string | undefined;
  /** `audit_ref` of the person, never their subject id. */
  readonly subjectRef?: string | undefined;
  readonly requestId?: string | undefined;
  readonly data?: Readonly<Record<string, string | number | boolean | readonly string[]>> | undefined;
}

/** Each half of the house keeps its own log, in its own schema. */
export type AuditSchema = 'core' | 'cell';

/** Appends entries in the caller's transaction, so that a change and its entry stand or fall together. */
export async function appendAudit(
  tx: Queryable,
  schema: AuditSchema,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(`select ${schema}.append_audit($1)`, [JSON.stringify(entries.map(toRow))]);
}

/** The row's form in JSON, also taken by SQL functions that write audit entries along with a change. */
export function toRow(entry: AuditEntry) {
  return {
    tenant_id: entry.tenantId,
    action: entry.action,
    site_id: entry.siteId ?? null,
    subject_ref: entry.subjectRef ?? null,
    request_id: entry.requestId ?? null,
    data: entry.data ?? {},
  };
}
