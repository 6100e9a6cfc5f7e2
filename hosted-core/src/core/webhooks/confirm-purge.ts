import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import { type Confirmation, noteConfirmation } from './confirmations-repository.ts';
import { secretsOfSite } from './endpoint-repository.ts';
import { openSecret } from './endpoint-secret.ts';
import { decodeWebhookSecret } from './standard-webhooks-signature.ts';

const TOLERANCE_SECONDS = 300;
const SIGNATURE = /^v1,[A-Za-z0-9+/]{43}=$/;
const MAX_SIGNATURES = 16;

/** The site answered the delivery with `{"status":"purged"}`. */
export async function confirmByResponse(
  tx: Queryable,
  tenantId: string,
  { siteId, eventId }: { siteId: string; eventId: string },
): Promise<void> {
  await confirm(tx, { tenantId, siteId, eventId, by: 'response' });
}

/** An acknowledgement as it came: signed like an event (Standard Webhooks), the other way round. */
export interface Acknowledgement {
  readonly tenantId: string;
  /** Whoever authenticated. */
  readonly siteId: string;
  readonly eventId: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Buffer;
  readonly now: Date;
}

/**
 * Takes a signed `purged`. Again and again does no harm.
 * @throws UserrefError `not_found` for an event that is unknown or another site's, `acknowledgement_invalid`,
 *   `invalid_request` for a body that says something else
 */
export async function confirmByAcknowledgement(
  tx: Queryable,
  secretBox: SecretBox,
  acknowledgement: Acknowledgement,
): Promise<void> {
  const { tenantId, siteId, eventId, timestamp, signature } = acknowledgement;
  const isSigned = await checkSignature(tx, secretBox, acknowledgement);
  const confirmation = { tenantId, siteId, eventId, by: 'ack', proof: `${timestamp} ${signature}` } as const;
  if (!isSigned) throw new UserrefError('acknowledgement_invalid');
  if (!isPurged(acknowledgement.body)) {
    throw new UserrefError('invalid_request', { detail: 'The body is {"status":"purged"}.' });
  }
  if (!(await confirm(tx, confirmation))) throw new UserrefError('not_found');
}

async function confirm(tx: Queryable, confirmation: Confirmation): Promise<boolean> {
  const noted = await noteConfirmation(tx, confirmation);
  if (noted?.isFirst) {
    const { tenantId, siteId, eventId, by } = confirmation;
    const data = { event_id: eventId, type: noted.type, by };
    await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'webhook.confirmed', data }]);
  }
  return noted !== undefined;
}

/** Signed by one of the site's secrets, within five minutes. Every pair is compared. */
async function checkSignature(tx: Queryable, secretBox: SecretBox, ack: Acknowledgement): Promise<boolean> {
  const { tenantId, siteId, eventId, timestamp, signature, body, now } = ack;
  const isFresh = Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  const given = signature.split(' ');
  if (!/^\d{10}$/.test(timestamp) || !isFresh || given.length > MAX_SIGNATURES) return false;
  const signed = given.filter((one) => SIGNATURE.test(one)).map((one) => Buffer.from(one.slice(3), 'base64'));
  const secrets = await secretsOfSite(tx, { tenantId, siteId });
  const matches = secrets
    .filter(({ sealed }) => sealed !== null)
    .flatMap((one) => {
      const key = decodeWebhookSecret(openSecret(secretBox, one));
      const ours = createHmac('sha256', key).update(`${eventId}.${timestamp}.`).update(body).digest();
      return signed.map((theirs) => theirs.length === ours.length && timingSafeEqual(ours, theirs));
    });
  return matches.includes(true);
}

function isPurged(body: Buffer): boolean {
  try {
    const parsed = JSON.parse(body.toString('utf8')) as { status?: unknown } | null;
    return parsed?.status === 'purged';
  } catch {
    return false;
  }
}
