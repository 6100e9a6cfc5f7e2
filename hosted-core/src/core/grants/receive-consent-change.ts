import { appendAudit } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import type { ConsentChange } from '../../wall/core-gateway.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { publishEvent } from '../webhooks/publish-event.ts';
import type { GrantRepository } from './grant-repository.ts';

export interface ConsentChangeDependencies {
  readonly database: Database;
  readonly grants: GrantRepository;
  readonly subjects: SubjectRepository;
}

const EVENT_OF = {
  granted: 'consent.granted',
  withdrawn: 'consent.withdrawn',
  expired: 'consent.expired',
} as const;

/**
 * What follows at the core when a person's consent changed in their cell: the site is told, and after a
 * withdrawal its tokens die and its sessions end. All in one transaction, and once per change.
 */
export async function receiveConsentChange(
  { database, grants, subjects }: ConsentChangeDependencies,
  change: ConsentChange,
): Promise<void> {
  const { tenantId, siteId, subjectId } = change;
  await database.inTenant(tenantId, async (tx) => {
    if (!(await grants.noteOnce(tx, change.eventId))) return;
    const subject = await subjects.findIn(tx, subjectId);
    const userRef = await pseudonym(tx, subjects, change);
    // Without a pseudonym the site never knew the person, so there is nothing to tell and nothing to end.
    if (!userRef || !subject) return;
    await announce(tx, change, userRef);
    if (change.change === 'withdrawn') await endAccess(tx, grants, change, userRef);
    await appendAudit(tx, 'core', [
      {
        tenantId,
        siteId,
        action: 'consent_change.received',
        subjectRef: subject.auditRef,
        data: { change: change.change, consents: change.consents.map((one) => one.consentId) },
      },
    ]);
  });
}

/** Who agrees to share in their first login has no pseudonym at the site yet; they get it now. */
function pseudonym(tx: Queryable, subjects: SubjectRepository, { change, siteId, subjectId }: ConsentChange) {
  if (change === 'granted') return subjects.connectIn(tx, siteId, subjectId);
  return subjects.findUserRef(tx, siteId, subjectId);
}

async function announce(tx: Queryable, change: ConsentChange, userRef: string): Promise<void> {
  const { tenantId, siteId, occurredAt } = change;
  for (const { consentId, attribute } of change.consents) {
    const data = { consent_id: consentId, attributes: [attribute as never], purpose: change.purposeId };
    await publishEvent(tx, { tenantId, siteId, type: EVENT_OF[change.change], userRef, data, occurredAt });
  }
}

async function endAccess(
  tx: Queryable,
  grants: GrantRepository,
  change: ConsentChange,
  userRef: string,
): Promise<void> {
  const { tenantId, siteId, subjectId, occurredAt } = change;
  await grants.revokeSiteAccess(tx, siteId, subjectId);
  const data = { reason: 'consent_withdrawn' as const };
  await publishEvent(tx, { tenantId, siteId, type: 'access.revoked', userRef, data, occurredAt });
  await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'grant.revoked' }]);
}
