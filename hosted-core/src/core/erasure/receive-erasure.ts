import { appendAudit } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';
import { eraseWith } from '../../erasure/erasure-participant.ts';
import type { Tombstones } from '../../erasure/tombstones.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import { addJob } from '../../jobs/job-queue.ts';
import type { Logger } from '../../observability/logger.ts';
import { describeError } from '../../observability/logger.ts';
import type { ErasureNotice } from '../../wall/erasure.ts';
import { laterWithin, publishEvent } from '../webhooks/publish-event.ts';
import { CORE_PARTICIPANTS } from './core-participants.ts';
import { type ErasureLink, holdSubject, insertNotice, setNoticeEvent } from './erasure-notices-repository.ts';
import { PUBLISH_TOMBSTONES_TASK } from './erasure-tasks.ts';

export interface ReceiveErasureDependencies {
  readonly tombstones: Tombstones;
  readonly logger: Logger;
  /** Sites are told at random moments within so many milliseconds. Default 0: at once. */
  readonly tellWithinMs?: number | undefined;
}

/**
 * What follows at the core when a person was erased in their cell: sessions, tokens and pseudonyms go, and
 * every site that ever knew them is told, in one transaction. A second notice of the same erasure does nothing.
 */
export async function receiveErasure(
  { tombstones, logger, tellWithinMs }: ReceiveErasureDependencies,
  notice: ErasureNotice,
): Promise<void> {
  await tombstones.database.inTenant(notice.tenantId, async (tx) => {
    const { links } = await holdSubject(tx, notice);
    // Told before: of two notices at once, the second waited for the first on the line above.
    if (await tombstones.repository.findBySubject(tx, notice.tenantId, notice.subjectId)) return;
    await eraseAtCore(tx, { ...notice, tellWithinMs }, links, () =>
      tombstones.write(tx, notice).then(() => {}),
    );
    await addJob(tx, 'core_jobs', {
      task: PUBLISH_TOMBSTONES_TASK,
      payload: {},
      key: PUBLISH_TOMBSTONES_TASK,
    });
  });
  await tombstones.publish().catch((error: unknown) => {
    logger.warn({ err: describeError(error) }, 'the tombstone ledger could not be written, the job will');
  });
}

type Telling = ErasureNotice & Pick<ReceiveErasureDependencies, 'tellWithinMs'>;

/** Erases and tells, in the caller's transaction, which holds the person. */
export async function eraseAtCore(
  tx: Queryable,
  erasure: Telling,
  links: readonly ErasureLink[],
  writeTombstone: () => Promise<void>,
): Promise<void> {
  const { tenantId, subjectId, requestId } = erasure;
  const userRefs = links.map((link) => link.userRef);
  const rows = await eraseWith(CORE_PARTICIPANTS, tx, { tenantId, subjectId, userRefs });
  await writeTombstone();
  for (const link of links) await tellSite(tx, erasure, link);
  await appendAudit(tx, 'core', [
    // Without the person's audit name: whoever knows the request would know their entries by it.
    {
      tenantId,
      action: 'subject.erased',
      data: { erasure: requestId, sites: links.length, rows: total(rows) },
    },
  ]);
}

async function tellSite(tx: Queryable, erasure: Telling, { siteId, userRef }: ErasureLink): Promise<void> {
  const { tenantId, requestId, erasedAt, tellWithinMs = 0 } = erasure;
  const notice = { tenantId, requestId, siteId };
  const siteRequestId = await insertNotice(tx, {
    ...notice,
    siteRequestId: `era_${randomBase32(26)}`,
    at: erasedAt,
  });
  const eventId = await publishEvent(tx, {
    tenantId,
    siteId,
    type: 'subject.erased',
    userRef,
    data: { request_id: siteRequestId },
    occurredAt: tellWithinMs > 0 ? laterWithin(tellWithinMs) : erasedAt,
  });
  await setNoticeEvent(tx, { ...notice, eventId });
}

function total(rows: Record<string, number>): number {
  return Object.values(rows).reduce((sum, one) => sum + one, 0);
}
