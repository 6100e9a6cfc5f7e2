import type { Queryable } from '../../database/database.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import type { PersonKey } from '../people/people-repository.ts';

export interface AccountConsent {
  readonly consentId: string;
  readonly siteId: string;
  readonly attribute: string;
  readonly decidedAt: Date;
  readonly expiresAt: Date;
  readonly reads: number;
  readonly lastReadAt: Date | null;
  /** The wording that the person agreed to, in all its languages. */
  readonly texts: PurposeText['texts'] | null;
}

/** The consents that let sites read now, by site and attribute. */
export function accountConsents(tx: Queryable, query: PersonKey & { now: Date }): Promise<AccountConsent[]> {
  return tx.query<AccountConsent>(
    `select c.consent_id as "consentId", c.site_id as "siteId", c.attribute, c.decided_at as "decidedAt",
       c.expires_at as "expiresAt", c.reads::int as reads, c.last_read_at as "lastReadAt", t.texts
     from cell.consents c
     left join cell.purpose_texts t on t.tenant_id = c.tenant_id and t.site_id = c.site_id
       and t.purpose_id = c.purpose_id and t.version = c.purpose_version
     where c.tenant_id = $1 and c.subject_id = $2 and c.state = 'granted' and c.expires_at > $3
     order by c.site_id, c.attribute`,
    [query.tenantId, query.subjectId, query.now],
  );
}
