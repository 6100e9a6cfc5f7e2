import type { Database } from '../database/database.ts';
import type { AuditSchema } from './audit-log.ts';

/** One audit log: a tenant's, in one half of the house. */
export interface Chain {
  /** As the application role of that half. */
  readonly database: Database;
  readonly schema: AuditSchema;
  readonly tenantId: string;
}
