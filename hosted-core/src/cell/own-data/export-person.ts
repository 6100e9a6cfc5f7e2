import { appendAudit } from '../../audit/audit-log.ts';
import { auditOf } from '../../audit/audit-of-subject.ts';
import { exportWith } from '../../erasure/erasure-participant.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { CoreRecords } from '../../wall/core-gateway.ts';
import type { OwnAttributes } from '../attributes/own-attributes.ts';
import { type IssueReceiptDependencies, issueReceipt } from '../consent/issue-receipt.ts';
import { listReceipts } from '../consent/receipts-repository.ts';
import { CELL_PARTICIPANTS } from '../erasure/cell-participants.ts';
import { lockPerson, type PersonKey } from '../people/people-repository.ts';
import type { OpenedAttribute } from '../vault/stored-attributes.ts';

export interface ExportDependencies extends IssueReceiptDependencies {
  readonly ownAttributes: OwnAttributes;
}

/** Everything that is kept about a person (GDPR Articles 15 and 20). The shape is stable: `format` names it. */
export interface PersonExport {
  readonly format: 'userref-export/1';
  readonly made_at: Date;
  readonly region: string;
  readonly values: readonly OpenedAttribute[];
  /** Rows by table, and the entries of the audit log about the person, of each half of the service. */
  readonly cell: CoreRecords;
  readonly core: CoreRecords;
}

export interface ExportedPerson {
  readonly data: PersonExport;
  /** Signed copies of what the person agreed to, as compact JWS. */
  readonly receipts: readonly { readonly receiptId: string; readonly jws: string }[];
}

const MOST_RECEIPTS = 1_000;

/**
 * Gathers all of it. All or nothing: a copy with something missing would look complete.
 * @throws UserrefError `service_unavailable` while the core does not answer, `integrity_error`, `not_found`
 */
export async function exportPerson(
  deps: ExportDependencies,
  { tenantId, subjectId, requestId }: PersonKey & { requestId: string },
): Promise<ExportedPerson> {
  const person = { tenantId, subjectId };
  const values = await deps.ownAttributes.read({ ...person, requestId });
  const core = await deps.core.exportSubject(person).catch((cause: unknown) => {
    throw new UserrefError('service_unavailable', { cause, retryAfterSeconds: 5 });
  });
  const { cell, receiptIds } = await deps.database.inTenant(tenantId, async (tx) => {
    const { auditRef: subjectRef } = await lockPerson(tx, person);
    await appendAudit(tx, 'cell', [{ tenantId, subjectRef, requestId, action: 'own_data.exported' }]);
    const records = await exportWith(CELL_PARTICIPANTS, tx, person);
    const receipts = await listReceipts(tx, person, MOST_RECEIPTS);
    return {
      cell: { records, audit: await auditOf(tx, 'cell', person) },
      receiptIds: receipts.map(({ receiptId }) => receiptId),
    };
  });
  const receipts = [];
  for (const receiptId of receiptIds)
    receipts.push({ receiptId, jws: await issueReceipt(deps, { ...person, receiptId, requestId }) });
  const data = { format: 'userref-export/1', made_at: deps.now(), region: deps.region } as const;
  return { data: { ...data, values, cell, core }, receipts };
}
