import { randomInt } from 'node:crypto';
import { appendAudit } from '../../audit/audit-log.ts';
import type { EventData, EventType } from '../../contract/generated.ts';
import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { randomBase32, USER_REF_PATTERN } from '../../ids/random-ids.ts';
import { scheduleDelivery } from './delivery-job.ts';
import { insertEvent } from './delivery-repository.ts';

/** `userRef` is there exactly when the contract gives the event a `user_ref`. */
type EventOfType<Type extends EventType> = {
  readonly type: Type;
  /** `data` of the contract without `user_ref`. */
  readonly data: Omit<EventData[Type], 'user_ref'>;
} & (EventData[Type] extends { user_ref: string }
  ? { readonly userRef: string }
  : { readonly userRef?: undefined });

/** One event for one site. Identifiers of that site only, never personal data. */
export type OutgoingEvent = { [Type in EventType]: EventOfType<Type> }[EventType] & {
  readonly tenantId: string;
  readonly siteId: string;
  /** In the body to the second. One that lies ahead ({@link laterWithin}) is when the site is told. */
  readonly occurredAt: Date;
  /** For this endpoint of the site alone, such as a test. */
  readonly endpointId?: string;
};

/** After these the site is to confirm that it has purged what it had. */
const TO_CONFIRM: readonly EventType[] = ['consent.withdrawn', 'consent.expired', 'subject.erased'];
/** How long a site may take to confirm, in milliseconds; then the person and the operator see it as overdue. */
export const CONFIRM_WITHIN_MS = 72 * 3_600_000;

/**
 * Writes an event, its deliveries and their jobs in the caller's transaction (opened with `inTenant`):
 * the site hears of a change if and only if the change was committed.
 * @returns the event's `webhook-id`: `evt_` and 130 random bits, so that it tells nothing about time
 * @throws UserrefError `internal_error` for a malformed `userRef`
 */
export async function publishEvent(tx: Queryable, event: OutgoingEvent): Promise<string> {
  const { tenantId, siteId, type } = event;
  if (event.userRef !== undefined && !USER_REF_PATTERN.test(event.userRef)) {
    throw new UserrefError('internal_error', { logDetail: `malformed user_ref in a ${type} event` });
  }
  const eventId = `evt_${randomBase32(26)}`;
  const toldAt = Math.max(Date.now(), event.occurredAt.getTime());
  const isLater = toldAt > Date.now();
  const confirmationDueAt = TO_CONFIRM.includes(type) ? new Date(toldAt + CONFIRM_WITHIN_MS) : undefined;
  const deliveryIds = await insertEvent(tx, {
    ...event,
    eventId,
    body: encodeBody(event),
    confirmationDueAt,
  });
  for (const deliveryId of deliveryIds)
    await scheduleDelivery(
      tx,
      { tenantId, deliveryId },
      { spread: true, ...(isLater && { runAt: event.occurredAt }) },
    );
  await appendAudit(tx, 'core', [
    {
      tenantId,
      siteId,
      action: 'webhook.enqueued',
      data: { event_id: eventId, type, endpoints: deliveryIds.length },
    },
  ]);
  return eventId;
}

/**
 * A random moment within so many milliseconds from now. An act that concerns several sites, and needs no haste,
 * is told to each at a moment of its own: else the time would tell them that they share a person.
 */
export function laterWithin(milliseconds: number): Date {
  return new Date(Date.now() + (milliseconds > 0 ? randomInt(milliseconds) : 0));
}

function encodeBody(event: OutgoingEvent): Buffer {
  const data = event.userRef === undefined ? event.data : { user_ref: event.userRef, ...event.data };
  return Buffer.from(
    JSON.stringify({ type: event.type, timestamp: toTimestamp(event.occurredAt), data }),
    'utf8',
  );
}

/** Whole seconds: equal milliseconds at two sites would tell that their two users are one person. */
function toTimestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
