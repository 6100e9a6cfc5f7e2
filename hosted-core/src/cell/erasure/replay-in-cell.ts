import { appendAudit } from '../../audit/audit-log.ts';
import { type ReplayResult, replayTombstones } from '../../erasure/replay-tombstones.ts';
import type { Tombstones } from '../../erasure/tombstones.ts';
import { empty } from './erase-person.ts';
import { deleteOrphanedKeys, holdForErasure, insertUnfinished } from './erasures-repository.ts';
import { scheduleFinish } from './finish-erasure.ts';

/** Erases again in a restored cell, deletes data keys that came back without a person, and tells the core again. */
export async function replayInCell(
  tombstones: Tombstones,
): Promise<ReplayResult & { readonly orphanedKeys: number }> {
  const result = await replayTombstones({
    tombstones,
    async eraseAgain(tx, subjectId, { tenantId, requestId }) {
      if (!(await holdForErasure(tx, { tenantId, subjectId }))) return false;
      await empty(tx, { tenantId, subjectId });
      await insertUnfinished(tx, { tenantId, subjectId, requestId });
      await scheduleFinish(tx, { tenantId, requestId });
      return true;
    },
    async onRestored(tx, { tenantId, requestId }, { found }) {
      const data = { erasure: requestId, found };
      await appendAudit(tx, 'cell', [{ tenantId, action: 'person.erasure_replayed', data }]);
    },
  });
  const { database, tenantId } = tombstones;
  const orphanedKeys = await database.inTenant(tenantId, (tx) => deleteOrphanedKeys(tx, tenantId));
  return { ...result, orphanedKeys };
}
