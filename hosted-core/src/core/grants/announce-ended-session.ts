import { type AuditEntry, appendAudit } from '../../audit/audit-log.ts';
import type { RevocationReason } from '../../contract/generated.ts';
import type { Database, Queryable } from '../../database/database.ts';
import type { SessionEnded } from '../oidc/ended-sessions.ts';
import { revokePassports } from '../status-list/status-list-repository.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { publishEvent } from '../webhooks/publish-event.ts';

/** Tells every site of a session that its person signed out, so that no site's session outlives it. */
export async function announceEndedSession(
  { database, subjects, tenantId }: { database: Database; subjects: SubjectRepository; tenantId: string },
  ended: SessionEnded,
): Promise<void> {
  await database.inTenant(tenantId, (tx) =>
    announceEndedSessionIn(
      tx,
      { subjects, tenantId },
      { ...ended, reason: 'signed_out', audit: { action: 'session.ended' } },
    ),
  );
}

export interface AnnouncedSession extends SessionEnded {
  readonly reason: RevocationReason;
  readonly audit: Pick<AuditEntry, 'action' | 'data'>;
}

/** As {@link announceEndedSession}, in the caller's transaction. Its passports are marked as revoked, too. */
export async function announceEndedSessionIn(
  tx: Queryable,
  { subjects, tenantId }: { subjects: SubjectRepository; tenantId: string },
  { subjectId, sites, reason, audit }: AnnouncedSession,
): Promise<void> {
  const subject = await subjects.findIn(tx, subjectId);
  const occurredAt = new Date();
  for (const { siteId, sid } of sites) {
    await revokePassports(tx, { tenantId, siteId, subjectId, sid });
    const userRef = await subjects.findUserRef(tx, siteId, subjectId);
    if (!userRef) continue;
    const data = { sid, reason };
    await publishEvent(tx, { tenantId, siteId, type: 'session.revoked', userRef, data, occurredAt });
  }
  await appendAudit(tx, 'core', [{ tenantId, ...audit, subjectRef: subject?.auditRef }]);
}
