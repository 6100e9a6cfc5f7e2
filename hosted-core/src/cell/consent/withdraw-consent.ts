import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { lockPerson, type PersonKey } from '../people/people-repository.ts';
import { announce, type ConsentDependencies, recordChange } from './consent-notice.ts';
import {
  type EndedState,
  endConsents,
  expiredRecords,
  grantedRecords,
  ownsConsent,
} from './consents-repository.ts';

export interface WithdrawOptions extends PersonKey {
  readonly requestId?: string;
}

/**
 * Withdraws one consent. The site's access has ended when this resolves, and at the latest when the job has run.
 * @returns how many consents ended: 0 when it had ended before
 * @throws UserrefError `not_found` for ids that are unknown or somebody else's
 */
export async function withdrawConsent(
  deps: ConsentDependencies,
  options: WithdrawOptions & { consentId: string },
): Promise<number> {
  return withdraw(deps, options, async (tx) => {
    if (!(await ownsConsent(tx, options, options.consentId))) throw new UserrefError('not_found');
    return [options.consentId];
  });
}

/** Withdraws all consents of the person at one site. */
export async function withdrawSite(
  deps: ConsentDependencies,
  options: WithdrawOptions & { siteId: string },
): Promise<number> {
  return withdraw(deps, options, async (tx) => {
    const granted = await grantedRecords(tx, options, options.siteId);
    return granted.map(({ consentId }) => consentId);
  });
}

async function withdraw(
  deps: ConsentDependencies,
  options: WithdrawOptions,
  choose: (tx: Queryable) => Promise<string[]>,
): Promise<number> {
  const { tenantId, subjectId, requestId } = options;
  const { count, noticeIds } = await deps.database.inTenant(tenantId, async (tx) => {
    const { auditRef } = await lockPerson(tx, { tenantId, subjectId });
    const consentIds = await choose(tx);
    return end(tx, {
      tenantId,
      subjectId,
      auditRef,
      requestId,
      consentIds,
      state: 'withdrawn',
      at: deps.now(),
    });
  });
  await announce(deps, tenantId, noticeIds);
  return count;
}

interface EndOptions extends PersonKey {
  readonly auditRef: string;
  readonly requestId?: string | undefined;
  readonly consentIds: readonly string[];
  readonly state: EndedState;
  readonly at: Date;
}

async function end(tx: Queryable, options: EndOptions): Promise<{ count: number; noticeIds: string[] }> {
  const ended = await endConsents(tx, options, options);
  if (ended.length === 0) return { count: 0, noticeIds: [] };
  const noticeIds = await recordChange(tx, { ...options, change: options.state, consents: ended });
  return { count: ended.length, noticeIds };
}

const BATCH = 200;

/**
 * Marks consents whose time is over and tells the core. Reads are refused from the moment of expiry on,
 * whether or not this has run.
 * @returns how many ended; call again while it is not 0
 */
export async function expireConsents(deps: ConsentDependencies, tenantId: string): Promise<number> {
  const now = deps.now();
  const due = await deps.database.inTenant(tenantId, (tx) =>
    expiredRecords(tx, { tenantId, now, limit: BATCH }),
  );
  for (const [subjectId, consents] of Map.groupBy(due, (record) => record.subjectId)) {
    const { noticeIds } = await deps.database.inTenant(tenantId, async (tx) => {
      const { auditRef } = await lockPerson(tx, { tenantId, subjectId });
      const consentIds = consents.map(({ consentId }) => consentId);
      return end(tx, { tenantId, subjectId, auditRef, consentIds, state: 'expired', at: now });
    });
    await announce(deps, tenantId, noticeIds);
  }
  return due.length;
}
