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

export interface FoundSession extends AccountSession {
  /** The upstream was made to ask for credentials when this session began. */
  readonly forced: boolean;
  readonly createdAt: Date;
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
): Promise<FoundSession | undefined> {
  const [row] = await tx.query<FoundSession>(
    `select s.subject_id as "subjectId", s.assurance_level as "assuranceLevel", s.amr, s.auth_time as "authTime",
       s.forced, s.created_at as "createdAt"
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

/** A session as its owner sees it. */
export interface ListedSession {
  readonly sessionRef: string;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** The one that asks. */
  readonly current: boolean;
}

/** Living sessions of a person, the asking one first. */
export function listSessions(
  tx: Queryable,
  query: SessionKey & { subjectId: string; now: Date },
): Promise<ListedSession[]> {
  return tx.query<ListedSession>(
    `select session_ref as "sessionRef", amr, created_at as "createdAt", expires_at as "expiresAt",
       session_hash = $3 as current
     from cell.account_sessions where tenant_id = $1 and subject_id = $2 and expires_at > $4
     order by session_hash = $3 desc, created_at desc limit 100`,
    [query.tenantId, query.subjectId, query.sessionHash, query.now],
  );
}

/** Ends sessions of a person: one by its name, or all but the asking one. @returns how many */
export async function endSessions(
  tx: Queryable,
  query: SessionKey & { subjectId: string; sessionRef: string | undefined },
): Promise<number> {
  const rows = await tx.query(
    `delete from cell.account_sessions where tenant_id = $1 and subject_id = $2
       and case when $4::text is null then session_hash <> $3 else session_ref::text = $4 end
     returning session_ref`,
    [query.tenantId, query.subjectId, query.sessionHash, query.sessionRef ?? null],
  );
  return rows.length;
}
