import { type AuditEntry, appendAudit } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import { addJob, type JobTask } from '../../jobs/job-queue.ts';
import { describeError, type Logger } from '../../observability/logger.ts';
import type { CoreGateway } from '../../wall/core-gateway.ts';
import type { PersonKey } from '../people/people-repository.ts';
import { appendConsentEvents, type ConsentEventChange, findNotice } from './consent-events-repository.ts';
import type { ConsentRecord } from './consents-repository.ts';

export interface ConsentDependencies {
  /** As `cell_app`. */
  readonly database: Database;
  readonly core: CoreGateway;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** The job is for when the call right after the commit did not get through. */
const SAFETY_NET_MS = 15_000;
export const CORE_NOTICE_TASK = 'core-notice';

export interface ConsentChangeRecord extends PersonKey {
  readonly change: ConsentEventChange;
  readonly consents: readonly ConsentRecord[];
  readonly auditRef: string;
  readonly requestId?: string | undefined;
  readonly at: Date;
}

/**
 * Writes what happened to consents (event, audit entry) and, unless it was a denial, the jobs that tell the
 * core, all in the caller's transaction. Consents of one site and purpose make one notice.
 * @returns ids of the notices, for {@link announce} after the commit
 */
export async function recordChange(tx: Queryable, record: ConsentChangeRecord): Promise<string[]> {
  const groups = Map.groupBy(record.consents, ({ siteId, purposeId }) => `${siteId}\n${purposeId}`);
  const noticeIds: string[] = [];
  for (const consents of groups.values()) {
    const noticeId = record.change === 'denied' ? undefined : `ntc_${randomBase32(26)}`;
    const { tenantId, subjectId, change, at } = record;
    await appendConsentEvents(tx, {
      tenantId,
      subjectId,
      change,
      consents,
      occurredAt: at,
      ...(noticeId && { noticeId }),
    });
    if (!noticeId) continue;
    noticeIds.push(noticeId);
    const runAt = new Date(Date.now() + SAFETY_NET_MS);
    await addJob(tx, 'cell_jobs', {
      task: CORE_NOTICE_TASK,
      payload: { tenantId, noticeId },
      key: noticeId,
      runAt,
    });
  }
  await appendAudit(
    tx,
    'cell',
    record.consents.map((consent) => auditEntry(record, consent)),
  );
  return noticeIds;
}

function auditEntry(record: ConsentChangeRecord, consent: ConsentRecord): AuditEntry {
  const action = record.change === 'renewed' ? 'granted' : record.change;
  return {
    tenantId: record.tenantId,
    action: `consent.${action}`,
    siteId: consent.siteId,
    subjectRef: record.auditRef,
    requestId: record.requestId,
    data: {
      consent_id: consent.consentId,
      attribute: consent.attribute,
      purpose: consent.purposeId,
      purpose_version: consent.purposeVersion,
    },
  };
}

/** Tells the core at once. A failure is only noted: the job will tell it again. */
export async function announce(
  deps: ConsentDependencies,
  tenantId: string,
  noticeIds: readonly string[],
): Promise<void> {
  for (const noticeId of noticeIds) {
    await tell(deps, tenantId, noticeId).catch((error: unknown) => {
      deps.logger.warn(
        { err: describeError(error) },
        'the core could not be told of a consent change, the job will',
      );
    });
  }
}

async function tell(
  { database, core }: ConsentDependencies,
  tenantId: string,
  noticeId: string,
): Promise<void> {
  const change = await database.inTenant(tenantId, (tx) => findNotice(tx, { tenantId, noticeId }));
  if (change) await core.consentChanged(change);
}

/** The handler of the job `core-notice`. Telling twice does nothing: the core knows the notice by its id. */
export function coreNoticeTask(deps: ConsentDependencies): JobTask {
  return async ({ tenantId, noticeId }) => tell(deps, String(tenantId), String(noticeId));
}
