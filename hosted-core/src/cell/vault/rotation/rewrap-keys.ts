import type { Queryable } from '../../../database/database.ts';
import { rewrapDataKey } from '../data-key.ts';
import type { KeyRing } from '../key-ring.ts';
import { type Batch, type BatchRequest, breathe, isDamage } from './batch.ts';
import { RewrapRepository, type SubjectKeyOfPerson } from './rewrap-repository.ts';

/**
 * Wraps a batch of data keys under the newer key-encryption key. No value is touched and nobody is kept from
 * reading; a crash undoes the batch. Keys that do not open are counted and left as they are.
 */
export async function rewrapBatch(
  tx: Queryable,
  ring: KeyRing,
  request: BatchRequest & { toVersion: number },
): Promise<Batch> {
  const rows = new RewrapRepository();
  const { tenantId, region, class: keyClass, toVersion } = request;
  const found = await rows.lockBelow(tx, request);
  const to = await ring.version(tenantId, keyClass, toVersion, tx);
  const keys: { was: SubjectKeyOfPerson; wrapped: Buffer }[] = [];
  let unreadable = 0;
  for (const [index, row] of found.entries()) {
    await breathe(index);
    try {
      const from = await ring.version(tenantId, keyClass, row.kek_version, tx);
      const identity = {
        ...{ tenantId, region, subjectId: row.subject_id, class: keyClass },
        ...{ keyId: row.key_id, version: row.version, kekVersion: row.kek_version },
      };
      keys.push({ was: row, wrapped: rewrapDataKey(from.key, to, { wrapped: row.wrapped_dek, identity }) });
    } catch (error) {
      if (!isDamage(error)) throw error;
      unreadable += 1;
    }
  }
  const moved = keys.length > 0 ? await rows.swap(tx, { tenantId, class: keyClass, toVersion, keys }) : 0;
  return { seen: found.length, moved, unreadable, cursorAfter: found.at(-1)?.subject_id };
}
