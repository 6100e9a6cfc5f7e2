import { appendAudit } from '../../audit/audit-log.ts';
import { type ReplayResult, replayTombstones } from '../../erasure/replay-tombstones.ts';
import type { Tombstones } from '../../erasure/tombstones.ts';
import { holdSubject } from './erasure-notices-repository.ts';
import { eraseAtCore } from './receive-erasure.ts';

/**
 * Erases again at a restored core. Sites are told again too: whether they were told before the core was lost
 * is not known, and twice is better than never.
 */
export function replayAtCore(tombstones: Tombstones): Promise<ReplayResult> {
  return replayTombstones({
    tombstones,
    async eraseAgain(tx, subjectId, { tenantId, requestId, erasedAt, backupsUntil }) {
      const { links, known } = await holdSubject(tx, { tenantId, subjectId });
      if (!known) return false;
      const notice = { tenantId, subjectId, requestId, erasedAt, backupsUntil };
      await eraseAtCore(tx, notice, links, async () => {});
      return true;
    },
    async onRestored(tx, { tenantId, requestId }, { found }) {
      const data = { erasure: requestId, found };
      await appendAudit(tx, 'core', [{ tenantId, action: 'subject.erasure_replayed', data }]);
    },
  });
}
