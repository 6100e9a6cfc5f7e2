import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import type { SessionEnded } from '../oidc/ended-sessions.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { publishEvent } from '../webhooks/publish-event.ts';

/** Tells every site of a session that its person signed out, so that no site's session outlives it. */
export async function announceEndedSession(
  { database, subjects, tenantId }: { database: Database; subjects: SubjectRepository; tenantId: string },
  { subjectId, sites }: SessionEnded,
): Promise<void> {
  const occurredAt = new Date();
  await database.inTenant(tenantId, async (tx) => {
    const subject = await subjects.findIn(tx, subjectId);
    for (const { siteId, sid } of sites) {
      const userRef = await subjects.findUserRef(tx, siteId, subjectId);
      if (!userRef) continue;
      const data = { sid, reason: 'signed_out' as const };
      await publishEvent(tx, { tenantId, siteId, type: 'session.revoked', userRef, data, occurredAt });
    }
    await appendAudit(tx, 'core', [{ tenantId, action: 'session.ended', subjectRef: subject?.auditRef }]);
  });
}
