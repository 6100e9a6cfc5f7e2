import { ConsentRequiredError, UserrefError } from '@userref/sdk-core';
import type { RequestHandler } from 'express';
import { isPageLoad } from '../http/wants-html.ts';
import type { Visit } from '../visit.ts';
import { guard } from './guard.ts';

export interface RequireConsentOptions {
  /** Why: the id of a purpose that is registered for this site. */
  readonly purpose: string;
  /** Attributes that are asked for along with the others and may be refused. */
  readonly optional?: readonly string[];
}

/**
 * Lets visitors pass who share `names` for a purpose. A page load asks once in a visit, and signs in on the
 * way if need be; after a "no", and for anything but a page load, the answer is 403 `consent_required`.
 * What passes is a hint: the cell decides again at each fetch.
 */
export function requireConsent(names: readonly string[], options: RequireConsentOptions): RequestHandler {
  const { purpose, optional = [] } = options;
  return guard(async ({ session, request, response }: Visit) => {
    const shared = session?.consents ?? [];
    const missing = names.filter((name) => !shared.includes(name));
    const isAsked = Object.hasOwn(session?.askedPurposes ?? {}, purpose);
    const isComplete = [...names, ...optional].every((name) => shared.includes(name));
    if (session !== null && (isComplete || (isAsked && missing.length === 0))) return true;
    if (isPageLoad(request) && !isAsked) {
      await response.userref.requestConsent(names, { purpose, optional, startedBy: 'page' });
      return false;
    }
    if (session === null) throw new UserrefError('not_signed_in');
    if (missing.length === 0) return true;
    throw new ConsentRequiredError({ attributes: missing, purpose });
  });
}
