import type { SiteAttributeName } from '@userref/sdk-core';
import type { ConsentQuestion } from '@userref/sdk-core/adapter';
import { type Guard, guard } from './guard.ts';

/**
 * Lets visitors pass who share `names` for a purpose. A page load asks once in a visit, and signs in on the
 * way if need be; after a "no", and for anything but a page load, the answer is 403 `consent_required`.
 * What passes is a hint: the cell decides again at each fetch. It is `private, no-store`, as with `requireUser()`.
 */
export function requireConsent(names: readonly SiteAttributeName[], options: ConsentQuestion): Guard {
  return guard((visit) => visit.requireConsent(names, options));
}
