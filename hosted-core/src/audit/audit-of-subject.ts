import type { Queryable } from '../database/database.ts';
import type { ExportedAuditEntry } from '../wall/core-gateway.ts';
import type { AuditSchema } from './audit-log.ts';

/** Where each half keeps the name that the log knows a person by. */
const PEOPLE = { core: 'core.subjects', cell: 'cell.people' } as const;

/** Every entry of the log about a person, the oldest first. None once their row is gone. */
export function auditOf(
  tx: Queryable,
  schema: AuditSchema,
  { tenantId, subjectId }: { tenantId: string; subjectId: string },
): Promise<ExportedAuditEntry[]> {
  return tx.query<ExportedAuditEntry>(
    `select e.occurred_at, e.action, e.site_id, e.data from ${schema}.audit_events e
     where e.tenant_id = $1 and e.subject_ref = (
       select audit_ref from ${PEOPLE[schema]} where tenant_id = $1 and subject_id = $2)
     order by e.entry_id`,
    [tenantId, subjectId],
  );
}
