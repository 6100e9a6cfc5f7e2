import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { InteractionOutcome } from '../../wall/region-cell.ts';
import type { Duration } from '../consent/consent.ts';
import { announce, type ConsentDependencies } from '../consent/consent-notice.ts';
import { type DecisionResult, decideConsent } from '../consent/decide-consent.ts';
import { newToken, tokenHash } from '../people/opaque-token.ts';
import { finishInteraction, type StoredRequest } from './interactions-repository.ts';

/** An interaction that this browser has open. */
export interface OwnInteraction {
  readonly interactionId: string;
  readonly browserHash: Buffer;
  readonly request: StoredRequest;
  readonly requestId: string;
}

interface FinishDependencies {
  readonly database: Database;
  readonly now: () => Date;
}

/**
 * Ends an interaction. When it has ended before, its first outcome stays.
 * @returns the address that takes the outcome's one-time code to the core
 * @throws UserrefError `interaction_expired`
 */
export async function finishWith(
  deps: FinishDependencies,
  own: OwnInteraction,
  outcome: InteractionOutcome,
): Promise<string> {
  const { code, row } = finishRow(own, outcome, deps.now());
  if ((await finishInteraction(deps.database, row)) === 'gone') throw new UserrefError('interaction_expired');
  return returnAddress(own.request.returnTo, code);
}

export interface Choice {
  readonly subjectId: string;
  readonly selected: readonly string[];
  readonly duration: Duration;
  readonly locale: string;
}

/**
 * Writes a consent decision and ends its interaction, both or neither. A second answer to the same
 * question (a double click) changes nothing.
 * @returns where to go on, and the receipt when something was agreed to
 * @throws UserrefError `interaction_expired`
 */
export async function finishWithConsent(
  deps: ConsentDependencies,
  own: OwnInteraction,
  choice: Choice,
): Promise<{ next: string; receiptId?: string }> {
  const { ask, site, tenantId } = own.request;
  if (!ask) throw new UserrefError('invalid_request');
  const now = deps.now();
  const finished = await deps.database
    .inTenant(tenantId, async (tx) => {
      const decision = {
        ...choice,
        tenantId,
        siteId: site.siteId,
        site,
        purpose: ask.purpose,
        asked: ask.attributes,
        requestId: own.requestId,
      };
      const result = await decideConsent(tx, decision, now);
      const { code, row } = finishRow(own, outcomeOf(choice.subjectId, result), now);
      if ((await finishInteraction(tx, row)) !== 'first') throw new AnsweredBefore();
      const { noticeIds, receiptId } = result;
      return { code, noticeIds, receiptId };
    })
    .catch((error: unknown) => {
      if (error instanceof AnsweredBefore) return undefined;
      throw error;
    });
  if (!finished)
    return { next: await finishWith(deps, own, { result: 'cancelled', reason: 'answered_before' }) };
  await announce(deps, tenantId, finished.noticeIds);
  const next = returnAddress(own.request.returnTo, finished.code);
  return { next, ...(finished.receiptId && { receiptId: finished.receiptId }) };
}

/** Rolls the decision back; never leaves this file. */
class AnsweredBefore extends Error {}

function outcomeOf(subjectId: string, { granted, denied }: DecisionResult): InteractionOutcome {
  return { result: 'consent_decided', subjectId, granted, denied };
}

function finishRow(own: OwnInteraction, outcome: InteractionOutcome, now: Date) {
  const { tenantId, site, kind } = own.request;
  const code = newToken();
  const row = {
    tenantId,
    interactionHash: tokenHash(own.interactionId),
    browserHash: own.browserHash,
    outcome,
    codeHash: tokenHash(code),
    now,
    audit: {
      tenantId,
      action: 'interaction.finished',
      siteId: site.siteId,
      requestId: own.requestId,
      data: { kind, result: outcome.result },
    } as const,
  };
  return { code, row };
}

function returnAddress(returnTo: string, code: string): string {
  const url = new URL(returnTo);
  url.searchParams.set('code', code);
  return url.href;
}
