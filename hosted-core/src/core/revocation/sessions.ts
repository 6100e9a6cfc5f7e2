import type { Database, Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { CoreSession } from '../../wall/revocation.ts';
import { announceEndedSessionIn } from '../grants/announce-ended-session.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { deleteSession, findSessionBySid, liveSessions } from './sessions-repository.ts';

export interface SessionDependencies {
  readonly database: Database;
  readonly subjects: SubjectRepository;
}

interface Person {
  readonly tenantId: string;
  readonly subjectId: string;
}

/** The person's live sessions at the core, the latest first. */
export async function listSessions(
  { database, subjects }: SessionDependencies,
  { tenantId, subjectId }: Person,
): Promise<CoreSession[]> {
  const sessions = await database.inTenant(tenantId, (tx) => liveSessions(tx, { tenantId, subjectId }));
  const names = new Map(
    (await subjects.listConnectedSites(subjectId)).map(({ siteId, name }) => [siteId, name]),
  );
  return sessions
    .map(({ sites, sessionId, startedAt, expiresAt }) => ({
      sessionId,
      startedAt,
      expiresAt,
      sites: sites.map(({ siteId }) => ({ siteId, name: names.get(siteId) ?? siteId })),
    }))
    .sort((one, other) => other.startedAt.getTime() - one.startedAt.getTime());
}

export interface EndSession extends Person {
  readonly sessionId: string;
  readonly by: 'person' | 'operator';
  /** Why, in the operator's words. */
  readonly note?: string | undefined;
}

/** Ends one session with everything that was issued in it. @throws UserrefError `not_found` */
export async function endSession(
  { database, subjects }: SessionDependencies,
  session: EndSession,
): Promise<void> {
  await database.inTenant(session.tenantId, (tx) => endSessionIn(tx, subjects, session));
}

async function endSessionIn(tx: Queryable, subjects: SubjectRepository, session: EndSession): Promise<void> {
  const { tenantId, subjectId, by, note } = session;
  const ended = await deleteSession(tx, session);
  if (!ended) throw new UserrefError('not_found');
  const sites = ended.sites.flatMap(({ siteId, sid }) => (sid ? [{ siteId, sid }] : []));
  await announceEndedSessionIn(
    tx,
    { subjects, tenantId },
    {
      subjectId,
      sites,
      reason: by === 'operator' ? 'revoked_by_operator' : 'signed_out',
      audit: { action: 'session.revoked', data: { by, sites: sites.length, ...(note && { note }) } },
    },
  );
}

/** Ends the session in which a site was told this `sid`. @throws UserrefError `not_found` */
export async function endSessionBySid(
  { database, subjects }: SessionDependencies,
  { tenantId, sid, note }: { tenantId: string; sid: string; note?: string | undefined },
): Promise<void> {
  await database.inTenant(tenantId, async (tx) => {
    const found = await findSessionBySid(tx, { tenantId, sid });
    if (!found) throw new UserrefError('not_found', { detail: 'No live session has this sid.' });
    const { subjectId, sessionId } = found;
    await endSessionIn(tx, subjects, { tenantId, subjectId, sessionId, by: 'operator', note });
  });
}
