import type { User } from '@userref/sdk-core/adapter';

/** What a browser may know of who is signed in. No token, no id of the session, no personal data. */
export type PublicUser = Pick<User, 'userRef' | 'consents' | 'assuranceLevel' | 'authTime'>;

export function publicUser({ userRef, consents, assuranceLevel, authTime }: User): PublicUser {
  return { userRef, consents, assuranceLevel, authTime };
}
