import { appendAudit } from '../../audit/audit-log.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { lockPerson, type PersonKey } from '../people/people-repository.ts';
import type { ConsentDependencies } from './consent-notice.ts';
import { receiptDocument } from './receipt-document.ts';
import type { ReceiptKeys } from './receipt-keys.ts';
import { findReceipt, receiptEvents, storedPurpose } from './receipts-repository.ts';

export interface IssueReceiptDependencies extends ConsentDependencies {
  readonly receiptKeys: ReceiptKeys;
  readonly cellUrl: string;
  readonly region: string;
  readonly operator: { readonly name: string; readonly privacyUrl?: string };
}

/**
 * A signed copy of what the person agreed to, with what became of it since.
 * @returns compact JWS
 * @throws UserrefError `not_found`; `service_unavailable` while the core cannot say who the person is at the site
 */
export async function issueReceipt(
  deps: IssueReceiptDependencies,
  wish: PersonKey & { receiptId: string; requestId: string },
): Promise<string> {
  const { tenantId, subjectId, receiptId } = wish;
  const now = deps.now();
  const found = await deps.database.inTenant(tenantId, async (tx) => {
    const receipt = await findReceipt(tx, wish, receiptId);
    if (!receipt) return undefined;
    const { siteId, purposeId, purposeVersion: version } = receipt;
    const { auditRef } = await lockPerson(tx, wish);
    await appendAudit(tx, 'cell', [
      {
        ...{ tenantId, siteId, subjectRef: auditRef, requestId: wish.requestId },
        action: 'consent.receipt_issued',
        data: { receipt_id: receiptId },
      },
    ]);
    return {
      receipt,
      purpose: await storedPurpose(tx, { tenantId, siteId, purposeId, version }),
      events: await receiptEvents(tx, wish, receipt),
    };
  });
  if (!found) throw new UserrefError('not_found');
  const { siteId } = found.receipt;
  const userRef = await deps.core.userRefAt({ tenantId, subjectId, siteId }).catch((cause: unknown) => {
    throw new UserrefError('service_unavailable', { cause, retryAfterSeconds: 5 });
  });
  const { cellUrl: issuer, region, operator } = deps;
  const context = { issuer, region, operator, userRef, now };
  return deps.receiptKeys.sign(receiptDocument(found.receipt, found.purpose, found.events, context));
}
