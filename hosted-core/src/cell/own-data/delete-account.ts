import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import { describeError, type Logger } from '../../observability/logger.ts';
import type { ErasureReceipt, ErasureRequest } from '../../wall/erasure.ts';
import { lockPerson, type PersonKey } from '../people/people-repository.ts';
import {
  type DeletionRequest,
  deleteDeletion,
  dueDeletions,
  findDeletion,
  insertDeletion,
  restrictPerson,
  unrestrictPerson,
} from './deletion-requests-repository.ts';

export interface DeleteAccountDependencies {
  /** As `cell_app`. */
  readonly database: Database;
  readonly now: () => Date;
  readonly erase: (request: ErasureRequest) => Promise<ErasureReceipt>;
}

const DAY_MS = 86_400_000;
const BATCH = 20;
/** Between the last moment to change one's mind and the deletion, whatever the clocks of two processes say. */
const MARGIN_MS = 60_000;

/** Names a deletion to the person: who holds it may see what became of it. 130 random bits. */
export function newDeletionId(): string {
  return `del_${randomBase32(26)}`;
}

/** Erases the person now. */
export function deleteNow(
  { erase }: Pick<DeleteAccountDependencies, 'erase'>,
  { tenantId, subjectId }: PersonKey,
): Promise<ErasureReceipt> {
  return erase({ tenantId, subjectId, requestId: newDeletionId() });
}

/**
 * Has the account deleted when the days are over. No read can succeed any more when this resolves; sites are told
 * of nothing until then, since nothing has ended yet. Asking twice gives the first request.
 */
export async function deleteLater(
  { database, now }: Omit<DeleteAccountDependencies, 'erase'>,
  person: PersonKey & { days: number; requestId?: string },
): Promise<DeletionRequest> {
  const { tenantId, subjectId, days } = person;
  return database.inTenant(tenantId, async (tx) => {
    const { auditRef: subjectRef } = await lockPerson(tx, person);
    const known = await findDeletion(tx, person);
    if (known) return known;
    const requestedAt = now();
    const dueAt = new Date(requestedAt.getTime() + days * DAY_MS);
    const request = { tenantId, subjectId, requestId: newDeletionId(), requestedAt, dueAt };
    await insertDeletion(tx, request);
    await restrictPerson(tx, person);
    const entry = { tenantId, subjectRef, requestId: person.requestId };
    await appendAudit(tx, 'cell', [{ ...entry, action: 'account.deletion_requested', data: { days } }]);
    return request;
  });
}

/**
 * The person changed their mind. Sites read again what is shared with them.
 * @returns `false` when nothing was under way, or its time has come
 */
export async function keepAccount(
  { database, now }: Omit<DeleteAccountDependencies, 'erase'>,
  person: PersonKey & { requestId?: string },
): Promise<boolean> {
  const { tenantId, requestId } = person;
  return database.inTenant(tenantId, async (tx) => {
    const { auditRef: subjectRef } = await lockPerson(tx, person);
    if (!(await deleteDeletion(tx, { ...person, now: now() }))) return false;
    await unrestrictPerson(tx, person);
    await appendAudit(tx, 'cell', [
      { tenantId, subjectRef, requestId, action: 'account.deletion_cancelled' },
    ]);
    return true;
  });
}

/** Erases everybody whose days are over. One who cannot be erased now is tried again in the next round. */
export async function deleteDue(
  { database, now, erase, logger }: DeleteAccountDependencies & { logger: Logger },
  tenantId: string,
): Promise<void> {
  const before = new Date(now().getTime() - MARGIN_MS);
  const due = await database.inTenant(tenantId, (tx) => dueDeletions(tx, { tenantId, before, limit: BATCH }));
  for (const { subjectId, requestId } of due)
    await erase({ tenantId, subjectId, requestId }).catch((error: unknown) => {
      logger.error({ err: describeError(error) }, 'an account whose time has come could not be deleted yet');
    });
}
