import { appendAudit } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { readTenantMode } from '../tenants/tenant-repository.ts';
import { checkPreviewPatterns } from './preview-patterns.ts';
import type { SiteRepository } from './site-repository.ts';

/**
 * Replaces the origins at which previews of a site may sign people in; none takes them away.
 * @throws UserrefError `invalid_request` for a pattern that is too wide, or in a tenant that is live; `not_found`
 */
export async function setPreviewPatterns(
  dependencies: { readonly database: Database; readonly sites: SiteRepository },
  site: { readonly tenantId: string; readonly siteId: string; readonly patterns: readonly string[] },
): Promise<void> {
  const { tenantId, siteId } = site;
  await dependencies.database.inTenant(tenantId, async (tx) => {
    await checkPreviews(tx, site);
    if (!(await dependencies.sites.setPreviewPatterns(tx, site))) throw new UserrefError('not_found');
    await appendAudit(tx, 'core', [
      { tenantId, action: 'site.changed', siteId, data: { preview_patterns: [...site.patterns] } },
    ]);
  });
}

/** @throws UserrefError `invalid_request` */
export async function checkPreviews(
  tx: Queryable,
  { tenantId, patterns }: { readonly tenantId: string; readonly patterns: readonly string[] },
): Promise<void> {
  checkPreviewPatterns(patterns);
  if (patterns.length === 0 || (await readTenantMode(tx, tenantId)) === 'test') return;
  throw new UserrefError('invalid_request', {
    detail:
      'This core is live, so each address is registered in full. Previews belong to a core with USERREF_MODE=test.',
  });
}
