import type { Account, Client, KoaContextWithOIDC } from 'oidc-provider';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { unitOfWork } from './unit-of-work.ts';

/** The person as the engine sees them: an id, and claims without personal data. Gone unless active. */
export function accountFinder(subjects: SubjectRepository) {
  return async (_ctx: KoaContextWithOIDC, subjectId: string): Promise<Account | undefined> => {
    const unit = unitOfWork();
    if (!unit.subjects.has(subjectId)) {
      const subject = await subjects.find(subjectId);
      if (subject) unit.subjects.set(subjectId, subject);
    }
    if (unit.subjects.get(subjectId)?.status !== 'active') return undefined;
    return { accountId: subjectId, claims: async () => ({ sub: subjectId }) };
  };
}

/** `user_ref` of a person at a site: read from storage, made once (OpenID Connect Core §8.1). */
export function pseudonymFinder(subjects: SubjectRepository) {
  return (_ctx: KoaContextWithOIDC, subjectId: string, client: Client): Promise<string> => {
    const { userRefs } = unitOfWork();
    const key = `${client.clientId}/${subjectId}`;
    let found = userRefs.get(key);
    if (!found) {
      found = subjects.connect(client.clientId, subjectId).then((userRef) => {
        if (!userRef) throw new Error('the person left in the middle of a login');
        return userRef;
      });
      userRefs.set(key, found);
    }
    return found;
  };
}
