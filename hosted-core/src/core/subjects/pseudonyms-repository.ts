import type { Database } from '../../database/database.ts';

/** What one site knows a person by. */
export interface Pseudonym {
  readonly subjectId: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly userRef: string;
}

/** The pseudonyms of people at all sites, in one statement, however many people there are. */
export function pseudonymsOf(
  database: Database,
  { tenantId, subjectIds }: { tenantId: string; subjectIds: readonly string[] },
): Promise<Pseudonym[]> {
  return database.inTenant(tenantId, (tx) =>
    tx.query<Pseudonym>(
      `select l.subject_id as "subjectId", l.site_id as "siteId", s.name as "siteName", l.user_ref as "userRef"
       from core.pairwise_links l join core.sites s using (tenant_id, site_id)
       where l.tenant_id = $1 and l.subject_id = any ($2) order by l.subject_id, l.site_id`,
      [tenantId, subjectIds],
    ),
  );
}
