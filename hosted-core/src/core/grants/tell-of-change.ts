import type { Database } from '../../database/database.ts';
import type { AttributesChange } from '../../wall/core-gateway.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { laterWithin, publishEvent } from '../webhooks/publish-event.ts';
import type { GrantRepository } from './grant-repository.ts';

export interface TellOfChangeDependencies {
  readonly database: Database;
  readonly grants: GrantRepository;
  readonly subjects: SubjectRepository;
  /** Each site hears of it at a random moment within so many milliseconds. Default 0. */
  readonly tellWithinMs?: number | undefined;
}

/** Tells sites that values which they may read have changed, once for each change. */
export async function tellOfChange(
  { database, grants, subjects, tellWithinMs = 0 }: TellOfChangeDependencies,
  { eventId, tenantId, subjectId, sites }: AttributesChange,
): Promise<void> {
  await database.inTenant(tenantId, async (tx) => {
    if (!(await grants.noteOnce(tx, eventId))) return;
    // One order for all who write about several sites of a person.
    for (const { siteId, attributes } of sites.toSorted((one, other) =>
      one.siteId < other.siteId ? -1 : 1,
    )) {
      const userRef = await subjects.findUserRef(tx, siteId, subjectId);
      if (!userRef) continue;
      const data = { attributes: attributes as never };
      const occurredAt = laterWithin(tellWithinMs);
      await publishEvent(tx, { tenantId, siteId, type: 'attributes.changed', userRef, data, occurredAt });
    }
  });
}
