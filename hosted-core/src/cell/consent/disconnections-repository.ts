import type { Queryable } from '../../database/database.ts';
import type { PersonKey } from '../people/people-repository.ts';

export interface Disconnection {
  readonly requestId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly requestedAt: Date;
}

const COLUMNS =
  'request_id as "requestId", site_id as "siteId", site_name as "siteName", requested_at as "requestedAt"';

export async function insertDisconnection(
  tx: Queryable,
  person: PersonKey,
  row: Disconnection,
): Promise<void> {
  await tx.query(
    `insert into cell.site_disconnections (tenant_id, request_id, subject_id, site_id, site_name, requested_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [person.tenantId, row.requestId, person.subjectId, row.siteId, row.siteName, row.requestedAt],
  );
}

/** The latest first. */
export function listDisconnections(tx: Queryable, person: PersonKey): Promise<Disconnection[]> {
  return tx.query<Disconnection>(
    `select ${COLUMNS} from cell.site_disconnections
     where tenant_id = $1 and subject_id = $2 order by requested_at desc, request_id limit 50`,
    [person.tenantId, person.subjectId],
  );
}

export async function findDisconnection(
  tx: Queryable,
  key: { tenantId: string; requestId: string },
): Promise<(Disconnection & { subjectId: string }) | undefined> {
  const [row] = await tx.query<Disconnection & { subjectId: string }>(
    `select ${COLUMNS}, subject_id as "subjectId" from cell.site_disconnections where tenant_id = $1 and request_id = $2`,
    [key.tenantId, key.requestId],
  );
  return row;
}
