import { UserrefError } from '../../errors/userref-error.ts';
import type { ConsentCount, ConsentRevocation } from '../../wall/revocation.ts';
import type { ConsentDependencies } from './consent-notice.ts';
import { countGranted, nextGranted } from './revoke-consents-repository.ts';
import { withdrawConsent, withdrawSite } from './withdraw-consent.ts';

const BATCH = 100;

/** How many live consents a revocation would end. */
export function countConsents(
  { database }: Pick<ConsentDependencies, 'database'>,
  scope: ConsentRevocation,
): Promise<ConsentCount> {
  return database.inTenant(scope.tenantId, (tx) => countGranted(tx, scope));
}

/**
 * Ends consents for the site or the operator as if their people had withdrawn them: recorded at each, and
 * told to the core. When it resolves, no read by them can succeed any more; may be repeated.
 * @throws UserrefError `not_found` when a single consent was named and is not alive
 */
export async function revokeConsents(
  deps: ConsentDependencies,
  scope: ConsentRevocation,
): Promise<ConsentCount> {
  const { tenantId, consentId, requestId } = scope;
  const people = new Set<string>();
  let consents = 0;
  for (;;) {
    const granted = await deps.database.inTenant(tenantId, (tx) => nextGranted(tx, scope, BATCH));
    if (granted.length === 0) break;
    for (const { subjectId, siteId } of granted) {
      const person = { tenantId, subjectId, ...(requestId && { requestId }) };
      consents += consentId
        ? await withdrawConsent(deps, { ...person, consentId })
        : await withdrawSite(deps, { ...person, siteId });
      people.add(subjectId);
    }
  }
  if (consentId && consents === 0) throw new UserrefError('not_found');
  return { consents, people: people.size };
}
