import { UserrefError } from '../../errors/userref-error.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import { lockPerson, type PersonKey } from '../people/people-repository.ts';
import { type Duration, expiryOf } from './consent.ts';
import { announce, type ConsentDependencies, recordChange } from './consent-notice.ts';
import { liveRecord, setExpiry } from './consents-repository.ts';
import { insertReceipt, newestReceiptOf, storedPurpose } from './receipts-repository.ts';

export interface ChangeDuration extends PersonKey {
  readonly consentId: string;
  readonly duration: Duration;
  readonly requestId: string;
}

/**
 * Gives a living consent another end, counted from now, within what its purpose allows. The wording stays the
 * one that was agreed to.
 * @throws UserrefError `not_found` for ids that are unknown, somebody else's, or of a consent that has ended
 */
export async function changeDuration(deps: ConsentDependencies, change: ChangeDuration): Promise<void> {
  const { tenantId, consentId, duration, requestId } = change;
  const now = deps.now();
  const noticeIds = await deps.database.inTenant(tenantId, async (tx) => {
    const { auditRef } = await lockPerson(tx, change);
    const record = await liveRecord(tx, change, { consentId, now });
    if (!record) throw new UserrefError('not_found');
    const { siteId, purposeId, purposeVersion, locale, textHash } = record;
    const purpose = await storedPurpose(tx, { tenantId, siteId, purposeId, version: purposeVersion });
    // Wordings kept before their limit was: nobody may stretch what they cannot see.
    const maxDurationDays = purpose?.maxDurationDays ?? 30;
    const expiresAt = expiryOf(duration, { maxDurationDays }, now);
    await setExpiry(tx, change, { consentId, expiresAt });
    const before = await newestReceiptOf(tx, change, consentId);
    await insertReceipt(tx, change, {
      receiptId: `rcp_${randomBase32(26)}`,
      siteName: before?.siteName ?? siteId,
      siteOrigin: before?.siteOrigin ?? '',
      ...{ siteId, purposeId, purposeVersion, textHash, locale, decidedAt: now },
      consentIds: [consentId],
    });
    const { subjectId } = change;
    const consents = [{ ...record, expiresAt }];
    return recordChange(tx, {
      tenantId,
      subjectId,
      auditRef,
      requestId,
      at: now,
      change: 'renewed',
      consents,
    });
  });
  await announce(deps, tenantId, noticeIds);
}
