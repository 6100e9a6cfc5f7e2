import type { Queryable } from '../../../database/database.ts';
import type { PersonKey } from '../../people/people-repository.ts';

export interface UpstreamSession {
  readonly sidHash: Buffer | null;
  readonly sealedRefreshToken: Buffer | null;
}

export async function insertUpstreamSession(
  tx: Queryable,
  row: PersonKey & UpstreamSession & { sessionHash: Buffer },
): Promise<void> {
  await tx.query(
    `insert into cell.upstream_sessions (tenant_id, session_hash, subject_id, sid_hash, sealed_refresh_token)
     values ($1, $2, $3, $4, $5)`,
    [row.tenantId, row.sessionHash, row.subjectId, row.sidHash, row.sealedRefreshToken],
  );
}

/** What is to be revoked when this session ends. */
export async function sealedRefreshToken(
  tx: Queryable,
  { tenantId, sessionHash }: { tenantId: string; sessionHash: Buffer },
): Promise<Buffer | undefined> {
  const [row] = await tx.query<UpstreamSession>(
    `select sealed_refresh_token as "sealedRefreshToken" from cell.upstream_sessions
     where tenant_id = $1 and session_hash = $2`,
    [tenantId, sessionHash],
  );
  return row?.sealedRefreshToken ?? undefined;
}

export interface EndedAccountSession {
  readonly subjectId: string;
  readonly auditRef: string;
  readonly authTime: Date;
}

/** Ends our sessions that began with this one of the upstream. */
export function endSessionsBySid(
  tx: Queryable,
  { tenantId, sidHash }: { tenantId: string; sidHash: Buffer },
): Promise<EndedAccountSession[]> {
  return tx.query<EndedAccountSession>(
    `delete from cell.account_sessions s using cell.upstream_sessions u, cell.people p
     where u.tenant_id = $1 and u.sid_hash = $2 and s.tenant_id = $1 and s.session_hash = u.session_hash
       and p.tenant_id = $1 and p.subject_id = s.subject_id
     returning s.subject_id as "subjectId", p.audit_ref as "auditRef", s.auth_time as "authTime"`,
    [tenantId, sidHash],
  );
}

/** Ends all sessions of a person. @returns how many */
export async function endAllSessions(tx: Queryable, person: PersonKey): Promise<number> {
  const rows = await tx.query(
    'delete from cell.account_sessions where tenant_id = $1 and subject_id = $2 returning session_hash',
    [person.tenantId, person.subjectId],
  );
  return rows.length;
}
