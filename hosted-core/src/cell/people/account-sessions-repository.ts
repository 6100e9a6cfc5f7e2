import type { Queryable } from '../../database/database.ts';
import type { AssuranceLevel } from '../../wall/region-cell.ts';

export interface AccountSession {
  readonly subjectId: string;
  readonly assuranceLevel: AssuranceLevel;
  readonly amr: readonly string[];
  readonly authTime: Date;
}

export interface SessionKey {
  readonly tenantId: string;
  readonly sessionHash: Buffer;
}

export async function insertSession(
  tx: Queryable,
  row: SessionKey & AccountSession & { forced: boolean; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await tx.query(
    `insert into cell.account_sessions (tenant_id, session_hash, subject_id, assurance_level, amr, auth_time, forced, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.tenantId,
      row.sessionHash,
      row.subjectId,
      row.assuranceLevel,
      row.amr,
      row.authTime,
      row.forced,
      row.createdAt,
      row.expiresAt,
    ],
  );
}

export async function findSession(
  tx: Queryable,
  key: SessionKey & { now: Date },
): Promise<AccountSession | undefined> {
  const [row] = await tx.query<AccountSession>(
    `select s.subject_id as "subjectId", s.assurance_level as "assuranceLevel", s.amr, s.auth_time as "authTime"
     from cell.account_sessions s
     join cell.people p on p.tenant_id = s.tenant_id and p.subject_id = s.subject_id and p.status <> 'erased'
     where s.tenant_id = $1 and s.session_hash = $2 and s.expires_at > $3`,
    [key.tenantId, key.sessionHash, key.now],
  );
  return row;
}

/** @returns audit name of the person whose session it was */
export async function deleteSession(tx: Queryable, key: SessionKey): Promise<string | undefined> {
  const [row] = await tx.query<{ auditRef: string }>(
    `delete from cell.account_sessions s using cell.people p
     where s.tenant_id = $1 and s.session_hash = $2 and p.tenant_id = s.tenant_id and p.subject_id = s.subject_id
     returning p.audit_ref as "auditRef"`,
    [key.tenantId, key.sessionHash],
  );
  return row?.auditRef;
}
