import { appendAudit } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';
import { eraseWith } from '../../erasure/erasure-participant.ts';
import type { Tombstone } from '../../erasure/tombstone.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { ErasureQuery, ErasureReceipt, ErasureRequest } from '../../wall/erasure.ts';
import { CELL_PARTICIPANTS } from './cell-participants.ts';
import { findUnfinished, holdForErasure, insertUnfinished } from './erasures-repository.ts';
import { type ErasureDependencies, finishErasure, scheduleFinish } from './finish-erasure.ts';

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;
const DAY_MS = 86_400_000;

/**
 * Erases a person: one transaction empties every table of the cell and writes the tombstone, its audit entry
 * and the job that makes the core follow. Asking again, with this or another request id, gives the same receipt.
 * @throws UserrefError `invalid_request` for a malformed request id, `not_found` for a person who is unknown,
 *   `conflict` when the request id was used for somebody else, `service_unavailable` on a restored database
 *   whose tombstones were not replayed
 */
export async function erasePerson(
  deps: ErasureDependencies,
  request: ErasureRequest,
): Promise<ErasureReceipt> {
  if (!REQUEST_ID.test(request.requestId)) throw new UserrefError('invalid_request');
  const { tombstones } = deps;
  const tombstone = await tombstones.database.inTenant(request.tenantId, async (tx) => {
    const known = await findEarlier(deps, tx, request);
    if (known) return known;
    if (!(await holdForErasure(tx, request))) {
      // Of two requests at once, the second waited for the first on the line above.
      const done = await findEarlier(deps, tx, request);
      if (done) return done;
      throw new UserrefError('not_found');
    }
    return erase(deps, tx, request);
  });
  await finishErasure(deps, tombstone);
  return receiptOf(deps, tombstone);
}

/** @throws UserrefError `not_found` */
export async function erasureReceipt(
  deps: ErasureDependencies,
  query: ErasureQuery,
): Promise<ErasureReceipt> {
  const { database, repository } = deps.tombstones;
  const tombstone = await database.inTenant(query.tenantId, (tx) =>
    repository.findByRequest(tx, query.tenantId, query.requestId),
  );
  if (!tombstone) throw new UserrefError('not_found');
  return receiptOf(deps, tombstone);
}

async function findEarlier(
  { tombstones: { repository } }: ErasureDependencies,
  tx: Queryable,
  { tenantId, subjectId, requestId }: ErasureRequest,
): Promise<Tombstone | undefined> {
  const ofSubject = await repository.findBySubject(tx, tenantId, subjectId);
  if (ofSubject) return ofSubject;
  if (await repository.findByRequest(tx, tenantId, requestId)) throw new UserrefError('conflict');
  return undefined;
}

async function erase(
  { tombstones, now, backupWindowDays }: ErasureDependencies,
  tx: Queryable,
  request: ErasureRequest,
): Promise<Tombstone> {
  const rows = await empty(tx, request);
  const erasedAt = now();
  const backupsUntil = new Date(erasedAt.getTime() + backupWindowDays * DAY_MS);
  const tombstone = await tombstones.write(tx, { ...request, erasedAt, backupsUntil });
  await insertUnfinished(tx, request);
  await scheduleFinish(tx, request);
  const { tenantId, requestId } = request;
  await appendAudit(tx, 'cell', [
    // Without the person's audit name: whoever knows the request would know their entries by it.
    { tenantId, action: 'person.erased', data: { erasure: requestId, rows } },
  ]);
  return tombstone;
}

/** Deletes every row about the person; the caller holds them. */
export async function empty(tx: Queryable, person: { tenantId: string; subjectId: string }): Promise<number> {
  const { tenantId, subjectId } = person;
  const rows = await eraseWith(CELL_PARTICIPANTS, tx, { tenantId, subjectId });
  return Object.values(rows).reduce((sum, one) => sum + one, 0);
}

async function receiptOf(
  { tombstones, core, upstreamKeeps }: ErasureDependencies,
  tombstone: Tombstone,
): Promise<ErasureReceipt> {
  const { tenantId, requestId, erasedAt, backupsUntil } = tombstone;
  const unfinished = await tombstones.database.inTenant(tenantId, (tx) =>
    findUnfinished(tx, { tenantId, requestId }),
  );
  return {
    requestId,
    state: unfinished === undefined ? 'erased' : 'erasing',
    erasedAt,
    backupsUntil,
    sites: await core.informedSites({ tenantId, requestId }).catch(() => undefined),
    upstream: upstreamKeeps,
  };
}
