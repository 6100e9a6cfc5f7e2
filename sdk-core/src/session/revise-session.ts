import type { Services } from '../services.ts';
import { createSession, type Session, type SessionFields } from './session.ts';

/** What a site may change in a session that it has. */
export type SessionChanges = Partial<Pick<SessionFields, 'consents' | 'askedPurposes'>>;

/** A session with changes, and the cookie that holds it. */
export interface RevisedSession {
  readonly session: Session;
  readonly setCookies: readonly string[];
}

/** The same session, same end, with corrected hints. */
export async function reviseSession(
  { sessionCookie }: Services,
  session: Session,
  changes: SessionChanges,
): Promise<RevisedSession> {
  const revised = createSession({ ...session, ...changes }, session.accessToken);
  return { session: revised, setCookies: [await sessionCookie.write(revised)] };
}
