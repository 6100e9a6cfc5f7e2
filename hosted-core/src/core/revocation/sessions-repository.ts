import type { Queryable } from '../../database/database.ts';
import { sha256Hex } from '../oidc/unit-of-work.ts';

interface SessionRow {
  readonly session_uid: string;
  readonly subject_id: string;
  readonly login_ts: string | null;
  readonly expires_at: Date;
  readonly authorizations: Record<string, { sid?: string; grantId?: string }> | null;
}

/** A person's session at the core, with what it opened at each site. */
export interface StoredSession {
  readonly sessionId: string;
  readonly subjectId: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly sites: readonly {
    readonly siteId: string;
    readonly sid: string | undefined;
    readonly grantId: string | undefined;
  }[];
}

const SESSION = `session_uid, subject_id, payload ->> 'loginTs' as login_ts, expires_at, payload -> 'authorizations' as authorizations`;
const LIVE = `kind = 'Session' and expires_at > now() and subject_id is not null`;

interface Person {
  readonly tenantId: string;
  readonly subjectId: string;
}

export async function liveSessions(tx: Queryable, { tenantId, subjectId }: Person): Promise<StoredSession[]> {
  const rows = await tx.query<SessionRow>(
    `select ${SESSION} from core.oidc_artifacts where tenant_id = $1 and subject_id = $2 and ${LIVE}`,
    [tenantId, subjectId],
  );
  return rows.map(toSession);
}

/** The session in which a site was told this `sid`. */
export async function findSessionBySid(
  tx: Queryable,
  { tenantId, sid }: { tenantId: string; sid: string },
): Promise<StoredSession | undefined> {
  const [row] = await tx.query<SessionRow>(
    `select ${SESSION} from core.oidc_artifacts a
     where tenant_id = $1 and ${LIVE}
       and exists (select from jsonb_each(a.payload -> 'authorizations') one where one.value ->> 'sid' = $2)`,
    [tenantId, sid],
  );
  return row && toSession(row);
}

/** Deletes the session and everything that was issued in it. @returns `undefined` when it was over */
export async function deleteSession(
  tx: Queryable,
  { tenantId, subjectId, sessionId }: Person & { sessionId: string },
): Promise<StoredSession | undefined> {
  const [row] = await tx.query<SessionRow>(
    `delete from core.oidc_artifacts
     where tenant_id = $1 and subject_id = $2 and session_uid = $3 and ${LIVE} returning ${SESSION}`,
    [tenantId, subjectId, sessionId],
  );
  if (!row) return undefined;
  const session = toSession(row);
  const grants = session.sites.flatMap(({ grantId }) => (grantId ? [sha256Hex(grantId)] : []));
  await tx.query(
    `delete from core.oidc_artifacts
     where tenant_id = $1 and (encode(grant_sha256, 'hex') = any ($2) or encode(id_sha256, 'hex') = any ($2))
       and subject_id = $3`,
    [tenantId, grants, subjectId],
  );
  return session;
}

function toSession(row: SessionRow): StoredSession {
  const sites = Object.entries(row.authorizations ?? {}).map(([siteId, { sid, grantId }]) => ({
    siteId,
    sid,
    grantId,
  }));
  return {
    sessionId: row.session_uid,
    subjectId: row.subject_id,
    startedAt: new Date(Number(row.login_ts ?? 0) * 1_000),
    expiresAt: row.expires_at,
    // One order for all who write about several sites of a person.
    sites: sites.sort((one, other) => (one.siteId < other.siteId ? -1 : 1)),
  };
}
