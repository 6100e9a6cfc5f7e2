import { type Guard, guard } from './guard.ts';

/**
 * Lets signed-in visitors pass. A page load goes to sign in and comes back; anything else gets 401 `not_signed_in`.
 * What passes is `Cache-Control: private, no-store`, unless the site says otherwise.
 */
export function requireUser(): Guard {
  return guard((visit) => visit.requireUser());
}
