import type { Queryable } from '../../database/database.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import type { PurposeText, SiteCard } from '../../wall/region-cell.ts';
import { lockPerson, type PersonKey } from '../people/people-repository.ts';
import { type Duration, expiryOf, standingOf } from './consent.ts';
import { recordChange } from './consent-notice.ts';
import {
  type ConsentRecord,
  endConsents,
  type NewDecision,
  saveDecision,
  savePurposeText,
  standingRecords,
} from './consents-repository.ts';
import { localText, textHash } from './purpose-text.ts';
import { insertReceipt } from './receipts-repository.ts';

export interface ConsentDecision extends PersonKey {
  readonly siteId: string;
  /** As the page named the site; goes into the receipt. Default: the id. */
  readonly site?: SiteCard;
  readonly purpose: PurposeText;
  /** What the page asked for. */
  readonly asked: readonly string[];
  /** What the person ticked; names that were not asked for are ignored. */
  readonly selected: readonly string[];
  readonly duration: Duration;
  /** Language of the page. */
  readonly locale: string;
  readonly requestId?: string;
}

export interface DecisionResult {
  /** What the site may read now, of what it asked for: ticked now, or shared from before. */
  readonly granted: string[];
  readonly denied: string[];
  /** Set when something was granted or renewed. */
  readonly receiptId?: string;
  /** For `announce`, once the transaction is committed. */
  readonly noticeIds: string[];
}

type Standing = Awaited<ReturnType<typeof standingRecords>>[number];

/**
 * Writes the decision on every attribute asked for, in the caller's transaction. What is shared already
 * under the same wording stays shared; leaving a reworded purpose unticked ends the old consent.
 */
export async function decideConsent(
  tx: Queryable,
  decision: ConsentDecision,
  now: Date,
): Promise<DecisionResult> {
  const { auditRef } = await lockPerson(tx, decision);
  await savePurposeText(tx, decision);
  const standing = await standingRecords(tx, { ...decision, purposeId: decision.purpose.purposeId });
  const changes = decision.asked.map((attribute) =>
    decideOne(
      decision,
      attribute,
      standing.find((record) => record.attribute === attribute),
      now,
    ),
  );

  await endOld(tx, decision, changes, now);
  for (const { save } of changes) if (save) await saveDecision(tx, decision, save);

  const common = {
    tenantId: decision.tenantId,
    subjectId: decision.subjectId,
    auditRef,
    requestId: decision.requestId,
    at: now,
  };
  const noticeIds: string[] = [];
  for (const change of ['expired', 'withdrawn', 'granted', 'renewed', 'denied'] as const) {
    const consents = recordsOf(changes, change);
    noticeIds.push(...(await recordChange(tx, { ...common, change, consents })));
  }
  const receiptId = await writeReceipt(
    tx,
    decision,
    changes.flatMap(({ shares, save }) => (shares && save ? [save] : [])),
    now,
  );
  return {
    ...(receiptId && { receiptId }),
    granted: changes.filter(({ shares }) => shares).map(({ attribute }) => attribute),
    denied: changes.filter(({ shares }) => !shares).map(({ attribute }) => attribute),
    noticeIds,
  };
}

interface OneChange {
  readonly attribute: string;
  readonly shares: boolean;
  /** A standing record that ends before the new decision takes its place. */
  readonly end?: { record: ConsentRecord; state: 'withdrawn' | 'expired' };
  readonly save?: NewDecision;
  readonly change?: 'granted' | 'renewed' | 'denied';
}

function decideOne(
  decision: ConsentDecision,
  attribute: string,
  standing: Standing | undefined,
  now: Date,
): OneChange {
  const state = standingOf(standing, decision.purpose, now);
  const ticked = decision.selected.includes(attribute);
  if (!ticked && state === 'granted') return { attribute, shares: true };

  const ranOut = standing?.state === 'granted' && state === 'open';
  const ends = standing && (ranOut ? 'expired' : state === 'reworded' && !ticked ? 'withdrawn' : undefined);
  const consentId = standing && !ends ? standing.consentId : `con_${randomBase32(26)}`;
  const renews = ticked && (state === 'granted' || state === 'reworded');
  return {
    attribute,
    shares: ticked,
    ...(standing && ends && { end: { record: standing, state: ends } }),
    save: newDecision(decision, { attribute, consentId, ticked }, now),
    change: renews ? 'renewed' : ticked ? 'granted' : 'denied',
  };
}

function newDecision(
  { siteId, purpose, locale, duration }: ConsentDecision,
  { attribute, consentId, ticked }: { attribute: string; consentId: string; ticked: boolean },
  now: Date,
): NewDecision {
  const text = localText(purpose.texts, locale);
  return {
    consentId,
    siteId,
    attribute,
    purposeId: purpose.purposeId,
    purposeVersion: purpose.version,
    locale: text.locale,
    textHash: textHash(text),
    state: ticked ? 'granted' : 'denied',
    decidedAt: now,
    expiresAt: ticked ? expiryOf(duration, purpose, now) : null,
  };
}

/** @returns the receipt's id; `undefined` when nothing was agreed to */
async function writeReceipt(
  tx: Queryable,
  decision: ConsentDecision,
  agreed: readonly NewDecision[],
  decidedAt: Date,
): Promise<string | undefined> {
  const [first] = agreed;
  if (!first) return undefined;
  const receiptId = `rcp_${randomBase32(26)}`;
  const { siteId, purposeId, purposeVersion, textHash: hash, locale } = first;
  const card = { siteName: decision.site?.name ?? siteId, siteOrigin: decision.site?.origin ?? '' };
  const consentIds = agreed.map(({ consentId }) => consentId);
  await insertReceipt(tx, decision, {
    ...card,
    ...{ receiptId, siteId, purposeId, purposeVersion, textHash: hash, locale, consentIds, decidedAt },
  });
  return receiptId;
}

async function endOld(
  tx: Queryable,
  person: PersonKey,
  changes: readonly OneChange[],
  at: Date,
): Promise<void> {
  for (const state of ['expired', 'withdrawn'] as const) {
    const consentIds = changes.flatMap(({ end }) => (end?.state === state ? [end.record.consentId] : []));
    if (consentIds.length > 0) await endConsents(tx, person, { consentIds, state, at });
  }
}

function recordsOf(
  changes: readonly OneChange[],
  wanted: 'expired' | 'withdrawn' | 'granted' | 'renewed' | 'denied',
) {
  return changes.flatMap((one): ConsentRecord[] => {
    if (one.end?.state === wanted) return [one.end.record];
    return one.save && one.change === wanted ? [one.save] : [];
  });
}
