import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { EndedPerson } from '../../wall/upstream.ts';
import type { GrantRepository } from '../grants/grant-repository.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { publishEvent } from '../webhooks/publish-event.ts';
import { endSession } from './sessions.ts';
import { liveSessions } from './sessions-repository.ts';

export interface EndPersonDependencies {
  readonly database: Database;
  readonly subjects: SubjectRepository;
  readonly grants: GrantRepository;
}

/** Ends sessions, or all access, of a person whose account at the sign-in service changed. */
export async function endPerson(
  deps: EndPersonDependencies,
  { tenantId, subjectId, what, authTime }: EndedPerson,
): Promise<void> {
  const { database } = deps;
  if (what === 'access') await endAccess(deps, { tenantId, subjectId });
  const sessions = await database.inTenant(tenantId, (tx) => liveSessions(tx, { tenantId, subjectId }));
  for (const { sessionId, startedAt } of sessions) {
    if (authTime !== undefined && Math.floor(startedAt.getTime() / 1000) !== authTime) continue;
    const by = what === 'access' ? 'operator' : 'person';
    await endSession(deps, { tenantId, subjectId, sessionId, by }).catch(unlessOver);
  }
}

/** A session that ended meanwhile is as good as ended by us. */
function unlessOver(error: unknown): void {
  if (!(error instanceof UserrefError) || error.code !== 'not_found') throw error;
}

async function endAccess(
  { database, subjects, grants }: EndPersonDependencies,
  { tenantId, subjectId }: { tenantId: string; subjectId: string },
): Promise<void> {
  for (const { siteId } of await subjects.listConnectedSites(subjectId))
    await database.inTenant(tenantId, async (tx) => {
      await grants.revokeSiteAccess(tx, siteId, subjectId);
      const userRef = await subjects.findUserRef(tx, siteId, subjectId);
      // A site without a token may have a session of its own all the same, so every one is told.
      if (!userRef) return;
      const data = { reason: 'revoked_by_operator' } as const;
      await publishEvent(tx, {
        ...{ tenantId, siteId, type: 'access.revoked', userRef, data, occurredAt: new Date() },
      });
      const subjectRef = (await subjects.findIn(tx, subjectId))?.auditRef;
      await appendAudit(tx, 'core', [
        { tenantId, siteId, action: 'access.revoked', subjectRef, data: { by: 'upstream' } },
      ]);
    });
}
