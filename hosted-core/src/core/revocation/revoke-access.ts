import { appendAudit } from '../../audit/audit-log.ts';
import type { RevocationReason } from '../../contract/generated.ts';
import type { Database, Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { RegionCell } from '../../wall/region-cell.ts';
import type { RevokedBy } from '../../wall/revocation.ts';
import type { GrantRepository } from '../grants/grant-repository.ts';
import { revokePassports } from '../status-list/status-list-repository.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { publishEvent } from '../webhooks/publish-event.ts';
import {
  deleteSiteTokens,
  findSiteUser,
  type SiteUser,
  siteExists,
  siteIds,
  usersAfter,
} from './revocation-repository.ts';

export interface RevocationDependencies {
  readonly database: Database;
  readonly subjects: SubjectRepository;
  readonly grants: GrantRepository;
  readonly cell: Pick<RegionCell, 'revokeConsents'>;
}

interface Act {
  readonly tenantId: string;
  readonly by: RevokedBy;
  /** Why, in the operator's words. */
  readonly note?: string | undefined;
  readonly requestId?: string | undefined;
}

const REASON: Record<RevokedBy, RevocationReason> = {
  site: 'revoked_by_site',
  operator: 'revoked_by_operator',
};
const BATCH = 100;

/**
 * Ends a site's access to one person: grant, tokens, passports, sessions at the site, and the consents in the
 * person's cell. When it resolves, no read can succeed any more; may be repeated.
 * @throws UserrefError `not_found` for a pseudonym that is unknown or another site's
 */
export async function revokeUser(
  deps: RevocationDependencies,
  act: Act & { userRef: string; siteId?: string | undefined },
): Promise<void> {
  const { tenantId, by, requestId } = act;
  const user = await deps.database.inTenant(tenantId, async (tx) => {
    const found = await findSiteUser(tx, act);
    if (!found) throw new UserrefError('not_found');
    await endAccess(tx, deps, act, found);
    return found;
  });
  const { subjectId, siteId } = user;
  await deps.cell.revokeConsents({ tenantId, by, subjectId, siteId, requestId });
}

/** As {@link revokeUser}, for every person at one site. Tokens first, so that reads end at once. */
export async function revokeSite(
  deps: RevocationDependencies,
  act: Act & { siteId: string },
): Promise<number> {
  const { database, cell } = deps;
  const { tenantId, siteId, by, requestId } = act;
  await database.inTenant(tenantId, async (tx) => {
    if (!(await siteExists(tx, tenantId, siteId))) throw new UserrefError('not_found');
    await deleteSiteTokens(tx, { tenantId, siteId });
    await revokePassports(tx, { tenantId, siteId });
  });
  await cell.revokeConsents({ tenantId, by, siteId, requestId });
  let told = 0;
  for (let after = ''; ; ) {
    const users = await database.inTenant(tenantId, async (tx) => {
      const batch = await usersAfter(tx, { tenantId, siteId, after, limit: BATCH });
      for (const user of batch) await endAccess(tx, deps, act, user);
      return batch;
    });
    told += users.length;
    if (users.length < BATCH) return told;
    after = users.at(-1)?.userRef ?? '';
  }
}

/** As {@link revokeSite}, for every site. */
export async function revokeAll(deps: RevocationDependencies, act: Act): Promise<number> {
  const sites = await deps.database.inTenant(act.tenantId, (tx) => siteIds(tx, act.tenantId));
  let told = 0;
  for (const siteId of sites) told += await revokeSite(deps, { ...act, siteId });
  return told;
}

/** What happens at the core, in the caller's transaction: the site hears of it if and only if it happened. */
async function endAccess(
  tx: Queryable,
  { grants, subjects }: RevocationDependencies,
  { tenantId, by, note, requestId }: Act,
  { siteId, subjectId, userRef }: SiteUser,
): Promise<void> {
  await grants.revokeSiteAccess(tx, siteId, subjectId);
  const data = { reason: REASON[by] };
  await publishEvent(tx, { tenantId, siteId, type: 'access.revoked', userRef, data, occurredAt: new Date() });
  const subject = await subjects.findIn(tx, subjectId);
  await appendAudit(tx, 'core', [
    {
      tenantId,
      siteId,
      action: 'access.revoked',
      subjectRef: subject?.auditRef,
      requestId,
      data: { by, ...(note && { note }) },
    },
  ]);
}
