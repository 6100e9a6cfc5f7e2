import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import type { DisconnectionRequest } from '../../wall/disconnection.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { publishEvent } from '../webhooks/publish-event.ts';
import { deleteEvents } from '../webhooks/webhooks-participant-repository.ts';
import {
  deleteLink,
  eventsAbout,
  holdLink,
  insertDisconnection,
  noteEvent,
  settleDisconnections,
} from './disconnections-repository.ts';
import type { GrantRepository } from './grant-repository.ts';

export interface DisconnectDependencies {
  readonly database: Database;
  readonly grants: GrantRepository;
  readonly subjects: SubjectRepository;
}

/**
 * Ends everything between a person and one site, in one transaction: tokens and grants, the pseudonym, and the
 * site is told to erase, which ends its sessions too. Signing in there later gives a new pseudonym. A second request
 * with the same id does nothing.
 */
export async function disconnectSite(
  { database, grants, subjects }: DisconnectDependencies,
  request: DisconnectionRequest,
): Promise<void> {
  const { tenantId, subjectId, siteId, requestId, requestedAt: at } = request;
  await database.inTenant(tenantId, async (tx) => {
    const siteRequestId = `era_${randomBase32(26)}`;
    if (!(await insertDisconnection(tx, { tenantId, requestId, siteId, siteRequestId, at }))) return;
    const userRef = await holdLink(tx, request);
    await grants.revokeSiteAccess(tx, siteId, subjectId);
    const subject = await subjects.findIn(tx, subjectId);
    if (userRef) {
      // What follows says more than everything that was to be told before.
      await deleteEvents(tx, tenantId, await eventsAbout(tx, { tenantId, userRef }));
      const event = { tenantId, siteId, userRef, occurredAt: at };
      const data = { request_id: siteRequestId };
      const eventId = await publishEvent(tx, { ...event, type: 'subject.erased', data });
      await noteEvent(tx, { tenantId, requestId, eventId });
      await deleteLink(tx, request);
    }
    await appendAudit(tx, 'core', [
      { tenantId, siteId, action: 'site.disconnected', subjectRef: subject?.auditRef },
    ]);
  });
}

/** How long the webhook, the last place of the user_ref, outlives its delivery. */
const FORGET_AFTER_MS = 7 * 86_400_000;
const BATCH = 200;

/** Forgets the webhooks of disconnections that have come to their end. */
export async function forgetDisconnected(database: Database, tenantId: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - FORGET_AFTER_MS);
  for (;;) {
    const count = await database.inTenant(tenantId, async (tx) => {
      const eventIds = await settleDisconnections(tx, { tenantId, before, limit: BATCH });
      await deleteEvents(tx, tenantId, eventIds);
      return eventIds.length;
    });
    if (count < BATCH) return;
  }
}
