import type { RevocationGateway } from '../../wall/revocation.ts';
import { purgeConfirmations } from '../webhooks/purge-confirmations.ts';
import { endSession, listSessions, type SessionDependencies } from './sessions.ts';

/** What My data asks of the core about sessions and confirmations. */
export function revocationGateway(deps: SessionDependencies): RevocationGateway {
  return {
    listSessions: (person) => listSessions(deps, person),
    endSession: (session) => endSession(deps, { ...session, by: 'person' }),
    purgeConfirmations: (person) => purgeConfirmations(deps.database, person, new Date()),
  };
}
