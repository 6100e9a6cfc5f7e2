import { hash } from 'node:crypto';
import { UserrefError } from '../../errors/userref-error.ts';

/** When an envelope may be opened. */
export interface SealWindow {
  readonly notBefore: Date;
  /** From this moment on it opens no more. */
  readonly expiresAt: Date;
}

/** What a site gets, and may keep. */
export interface SealedAttributes extends SealWindow {
  /** Compact JWE, see `vault/envelope-format.ts`. */
  readonly sealed: string;
}

const MAX_DAYS = 400;
const DAY_MS = 86_400_000;
/** A reference of the site's own, such as a number of an order. No `@`, no spaces: it is no place for people. */
const ORDER_REF = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** @throws UserrefError `invalid_request` for a window that is no time, empty, past or longer than 400 days */
export function sealWindow(
  asked: { not_before?: string | undefined; expires_at: string },
  now: Date,
): SealWindow {
  const notBefore = asked.not_before === undefined ? now : timeOf(asked.not_before);
  const expiresAt = timeOf(asked.expires_at);
  if (expiresAt <= now || expiresAt <= notBefore)
    throw invalid('The window ends before it begins, or has ended already.');
  if (expiresAt.getTime() - now.getTime() > MAX_DAYS * DAY_MS)
    throw invalid(`The window ends more than ${MAX_DAYS} days from now.`);
  return { notBefore, expiresAt };
}

/** @throws UserrefError `invalid_request` */
export function checkOrderRef(orderRef: string): string {
  if (ORDER_REF.test(orderRef)) return orderRef;
  throw invalid(
    '`order_ref` has 1 to 128 characters of A–Z a–z 0–9 . _ : / - and begins with a letter or digit.',
  );
}

/** How the order reference is kept: with the envelope's random id, so that equal ones do not look equal. */
export function orderHash(envelopeId: string, orderRef: string): Buffer {
  return hash('sha256', `userref/order-ref/v1|${envelopeId}|${orderRef}`, 'buffer');
}

function timeOf(text: string): Date {
  const time = new Date(RFC3339.test(text) ? text : Number.NaN);
  if (Number.isNaN(time.getTime())) throw invalid('A time of `window` is not in the form of RFC 3339.');
  return time;
}

function invalid(detail: string): UserrefError {
  return new UserrefError('invalid_request', { detail });
}
