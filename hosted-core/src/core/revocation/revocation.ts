import type { RegionCell } from '../../wall/region-cell.ts';
import type { ConsentCount } from '../../wall/revocation.ts';
import { type AccessCount, countAccess, findSiteUser } from './revocation-repository.ts';
import { type RevocationDependencies, revokeAll, revokeSite, revokeUser } from './revoke-access.ts';
import { endSessionBySid } from './sessions.ts';

export interface Revocation {
  /** One user at one site. @throws UserrefError `not_found` */
  revokeUser: Bound<typeof revokeUser>;
  /** Everybody at one site. @throws UserrefError `not_found` */
  revokeSite: Bound<typeof revokeSite>;
  revokeAll: Bound<typeof revokeAll>;
  /** One session, by the `sid` that a site knows. @throws UserrefError `not_found` */
  endSessionBySid: Bound<typeof endSessionBySid>;
  /** One consent. @throws UserrefError `not_found` */
  revokeConsent(consent: { tenantId: string; consentId: string }): Promise<ConsentCount>;
  /** What {@link revokeUser}, {@link revokeSite}, {@link revokeAll} or {@link revokeConsent} would end. */
  preview(scope: Preview): Promise<AccessCount & ConsentCount>;
}

export interface Preview {
  readonly tenantId: string;
  readonly siteId?: string | undefined;
  readonly userRef?: string | undefined;
  readonly consentId?: string | undefined;
}

type Bound<F extends (deps: never, rest: never) => unknown> = (request: Parameters<F>[1]) => ReturnType<F>;

/** The verbs that end access; each ends what it names and nothing else. */
export function createRevocation(
  deps: RevocationDependencies & { cell: Pick<RegionCell, 'revokeConsents' | 'countConsents'> },
): Revocation {
  return {
    revokeUser: (request) => revokeUser(deps, request),
    revokeSite: (request) => revokeSite(deps, request),
    revokeAll: (request) => revokeAll(deps, request),
    endSessionBySid: (request) => endSessionBySid(deps, request),
    revokeConsent: (consent) => deps.cell.revokeConsents({ ...consent, by: 'operator' }),
    preview: (scope) => preview(deps, scope),
  };
}

async function preview(
  { database, cell }: RevocationDependencies & { cell: Pick<RegionCell, 'countConsents'> },
  { tenantId, siteId, userRef, consentId }: Preview,
): Promise<AccessCount & ConsentCount> {
  const nothing = { users: 0, tokens: 0, passports: 0, consents: 0, people: 0 };
  if (consentId)
    return { ...nothing, ...(await cell.countConsents({ tenantId, consentId, by: 'operator' })) };
  const user =
    userRef && (await database.inTenant(tenantId, (tx) => findSiteUser(tx, { tenantId, userRef, siteId })));
  if (userRef && !user) return nothing;
  const whose = user ? { siteId: user.siteId, subjectId: user.subjectId } : { ...(siteId && { siteId }) };
  const access = await countAccess(database, { tenantId, ...whose });
  const consents = await cell.countConsents({ tenantId, by: 'operator', ...whose });
  return { ...access, ...consents };
}
