import { appendAudit } from '../../audit/audit-log.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import { addJob, type JobTask } from '../../jobs/job-queue.ts';
import { describeError } from '../../observability/logger.ts';
import { lockPerson, type PersonKey } from '../people/people-repository.ts';
import { announce, type ConsentDependencies, recordChange } from './consent-notice.ts';
import { endConsents, grantedRecords } from './consents-repository.ts';
import { findDisconnection, insertDisconnection } from './disconnections-repository.ts';

export const DISCONNECT_TASK = 'core-disconnect';
const SAFETY_NET_MS = 15_000;

/**
 * Ends everything between the person and a site: their consents end here at once, the core ends tokens and
 * pseudonym and tells the site to erase. A core that is away follows by the job.
 * @returns id of the request, under which the core knows what became of it
 */
export async function disconnectSite(
  deps: ConsentDependencies,
  wish: PersonKey & { siteId: string; siteName: string; requestId: string },
): Promise<string> {
  const { tenantId, subjectId, siteId, siteName } = wish;
  const requestId = `dis_${randomBase32(26)}`;
  const noticeIds = await deps.database.inTenant(tenantId, async (tx) => {
    const at = deps.now();
    const { auditRef } = await lockPerson(tx, { tenantId, subjectId });
    const consentIds = (await grantedRecords(tx, wish, siteId)).map(({ consentId }) => consentId);
    const consents = await endConsents(tx, wish, { consentIds, state: 'withdrawn', at });
    const record = { tenantId, subjectId, auditRef, requestId: wish.requestId, at };
    const notices =
      consents.length > 0 ? await recordChange(tx, { ...record, change: 'withdrawn', consents }) : [];
    await insertDisconnection(tx, wish, { requestId, siteId, siteName, requestedAt: at });
    const runAt = new Date(Date.now() + SAFETY_NET_MS);
    const payload = { tenantId, requestId };
    await addJob(tx, 'cell_jobs', { task: DISCONNECT_TASK, payload, key: requestId, runAt });
    const entry = { tenantId, siteId, subjectRef: auditRef, requestId: wish.requestId };
    await appendAudit(tx, 'cell', [{ ...entry, action: 'site.disconnect_requested' }]);
    return notices;
  });
  await announce(deps, tenantId, noticeIds);
  await tell(deps, tenantId, requestId).catch((error: unknown) => {
    deps.logger.warn({ err: describeError(error) }, 'the core could not be told to disconnect, the job will');
  });
  return requestId;
}

async function tell(
  { database, core }: ConsentDependencies,
  tenantId: string,
  requestId: string,
): Promise<void> {
  const found = await database.inTenant(tenantId, (tx) => findDisconnection(tx, { tenantId, requestId }));
  // Erased as a whole meanwhile: then the site hears of that.
  if (!found) return;
  const { subjectId, siteId, requestedAt } = found;
  await core.disconnectSite({ tenantId, subjectId, siteId, requestId, requestedAt });
}

/** The handler of the job `core-disconnect`. Telling twice does nothing: the core knows the request by its id. */
export function disconnectTask(deps: ConsentDependencies): JobTask {
  return async ({ tenantId, requestId }) => tell(deps, String(tenantId), String(requestId));
}
