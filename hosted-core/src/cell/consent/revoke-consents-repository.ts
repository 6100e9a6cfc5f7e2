import type { Queryable } from '../../database/database.ts';
import type { ConsentCount, ConsentRevocation } from '../../wall/revocation.ts';

export interface GrantedAt {
  readonly subjectId: string;
  readonly siteId: string;
}

const IN_SCOPE = `tenant_id = $1 and state = 'granted' and ($2::uuid is null or subject_id = $2)
  and ($3::text is null or site_id = $3) and ($4::text is null or consent_id = $4)`;
const scopeOf = ({ tenantId, subjectId, siteId, consentId }: ConsentRevocation) => [
  tenantId,
  subjectId ?? null,
  siteId ?? null,
  consentId ?? null,
];

/** People with live consents in scope, by site; call again for more. */
export function nextGranted(tx: Queryable, scope: ConsentRevocation, limit: number): Promise<GrantedAt[]> {
  return tx.query<GrantedAt>(
    `select distinct subject_id as "subjectId", site_id as "siteId" from cell.consents
     where ${IN_SCOPE} limit $5`,
    [...scopeOf(scope), limit],
  );
}

export async function countGranted(tx: Queryable, scope: ConsentRevocation): Promise<ConsentCount> {
  const [row] = await tx.query<ConsentCount>(
    `select count(*)::int as consents, count(distinct subject_id)::int as people from cell.consents where ${IN_SCOPE}`,
    scopeOf(scope),
  );
  return row ?? { consents: 0, people: 0 };
}
