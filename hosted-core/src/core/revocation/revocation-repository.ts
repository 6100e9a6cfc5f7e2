import type { Database, Queryable } from '../../database/database.ts';

export interface SiteUser {
  readonly siteId: string;
  readonly subjectId: string;
  readonly userRef: string;
}

/** Whose access; what is left out means any. */
export interface Scope {
  readonly tenantId: string;
  readonly siteId?: string | undefined;
  readonly subjectId?: string | undefined;
}

export interface AccessCount {
  readonly users: number;
  readonly tokens: number;
  readonly passports: number;
}

/** Whose pseudonym this is at this site; foreign and unknown ones look alike. Without a site: at whichever it is. */
export async function findSiteUser(
  tx: Queryable,
  query: { tenantId: string; userRef: string; siteId?: string | undefined },
): Promise<SiteUser | undefined> {
  const [row] = await tx.query<SiteUser>(
    `select site_id as "siteId", subject_id as "subjectId", user_ref as "userRef" from core.pairwise_links
     where tenant_id = $1 and user_ref = $2 and ($3::text is null or site_id = $3)`,
    [query.tenantId, query.userRef, query.siteId ?? null],
  );
  return row;
}

export async function siteExists(tx: Queryable, tenantId: string, siteId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from core.sites where tenant_id = $1 and site_id = $2', [
    tenantId,
    siteId,
  ]);
  return rows.length === 1;
}

/** The next users of a site in the order of their pseudonyms, for work in batches. */
export function usersAfter(
  tx: Queryable,
  query: { tenantId: string; siteId: string; after: string; limit: number },
): Promise<SiteUser[]> {
  return tx.query<SiteUser>(
    `select site_id as "siteId", subject_id as "subjectId", user_ref as "userRef" from core.pairwise_links
     where tenant_id = $1 and site_id = $2 and user_ref > $3 order by user_ref limit $4`,
    [query.tenantId, query.siteId, query.after, query.limit],
  );
}

export async function siteIds(tx: Queryable, tenantId: string): Promise<string[]> {
  const rows = await tx.query<{ site_id: string }>(
    'select site_id from core.sites where tenant_id = $1 order by site_id',
    [tenantId],
  );
  return rows.map((row) => row.site_id);
}

const TOKENS = `kind in ('AccessToken', 'RefreshToken', 'AuthorizationCode', 'Grant', 'ClientCredentials')`;
const IN_SCOPE = `tenant_id = $1 and ($2::text is null or site_id = $2) and ($3::uuid is null or subject_id = $3)`;
const scopeOf = ({ tenantId, siteId, subjectId }: Scope) => [tenantId, siteId ?? null, subjectId ?? null];

/** What a revocation would end, for a look beforehand. */
export async function countAccess(database: Database, scope: Scope): Promise<AccessCount> {
  return database.inTenant(scope.tenantId, async (tx) => {
    const [row] = await tx.query<AccessCount>(
      `select
         (select count(*)::int from core.pairwise_links where ${IN_SCOPE}) as users,
         (select count(*)::int from core.oidc_artifacts where ${IN_SCOPE} and ${TOKENS} and expires_at > now()) as tokens,
         (select count(*)::int from core.status_entries where ${IN_SCOPE} and revoked_at is null and expires_at > now()) as passports`,
      scopeOf(scope),
    );
    return row ?? { users: 0, tokens: 0, passports: 0 };
  });
}

/** Every token, code and grant of the site, also those that it holds for itself, is dead when this commits. */
export async function deleteSiteTokens(
  tx: Queryable,
  { tenantId, siteId }: { tenantId: string; siteId: string },
): Promise<number> {
  const rows = await tx.query(
    `delete from core.oidc_artifacts where tenant_id = $1 and site_id = $2 and ${TOKENS} returning 1`,
    [tenantId, siteId],
  );
  return rows.length;
}
