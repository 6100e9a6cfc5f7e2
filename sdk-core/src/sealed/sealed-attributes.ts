import { checkAttributeRequest } from '../attributes/attribute-request.ts';
import { Attributes } from '../attributes/attributes.ts';
import { unusable } from '../attributes/refusal-of-cell.ts';
import type { SiteAttributeName, SitePurpose } from '../attributes/site-attributes.ts';
import { isObject } from '../encoding/strict-json.ts';
import { UserrefError } from '../errors/userref-error.ts';
import { ATTRIBUTE_NAME } from '../passport/passport.ts';
import type { Services } from '../services.ts';
import type { Session } from '../session/session.ts';
import { askCell } from './ask-cell.ts';

/** For what, until when and for which order attributes are sealed. */
export interface SealRequest {
  /** Why they will be needed: the id of a purpose that the person has agreed to. */
  readonly purpose: SitePurpose;
  /** Your own reference, such as a number of an order: letters, digits and `. _ : / -`, at most 128. */
  readonly orderRef: string;
  /** When the envelope stops to open, at most 400 days from now. */
  readonly expiresAt: Date;
  /** When it begins to open. Default: at once. */
  readonly notBefore?: Date | undefined;
}

/** An envelope to store: only the cell can open it. */
export interface SealedAttributes {
  /** Store this. It says nothing about the person, and only the cell can open it. */
  readonly sealed: string;
  readonly notBefore: Date;
  readonly expiresAt: Date;
}

/** For what an envelope is opened: as it was sealed, or the cell refuses. */
export interface UnsealRequest {
  readonly purpose: SitePurpose;
  readonly orderRef: string;
}

const ENVELOPE = /^[\w-]{1,512}\.\.[\w-]{16}\.[\w-]{1,89000}\.[\w-]{22}$/;
const USER_REF = /^ppid_[a-z2-7]{26}$/;

/**
 * Has attributes sealed as they are now, to be opened for one order later. Needs no signed-in person: `of` is
 * a session or a `userRef`. The site must be registered for the scope `sealed`.
 * @throws ConsentRequiredError `consent_required`, `consent_expired`
 * @throws UserrefError `forbidden` (the site is not registered for it), `not_found`, `processing_restricted`,
 *   `unknown_attribute`, `purpose_required`, `unknown_purpose`, `invalid_request`, `token_exchange_failed`,
 *   `invalid_token`, `attributes_unavailable`, `discovery_failed`; with `isTransient`: `network_failed`, `service_unavailable`, `rate_limited`
 */
export async function sealAttributes(
  services: Services,
  of: Session | string,
  request: SealRequest & { readonly names: readonly SiteAttributeName[] },
): Promise<SealedAttributes> {
  const { names, purpose, orderRef, notBefore, expiresAt } = request;
  checkAttributeRequest(names, purpose);
  const userRef = typeof of === 'string' ? of : of.userRef;
  if (!USER_REF.test(userRef)) throw new UserrefError('not_found', { detail: 'This is no user_ref.' });
  const window = {
    ...(notBefore && { not_before: timeText(notBefore) }),
    expires_at: timeText(expiresAt),
  };
  const body = { names, purpose, order_ref: orderRef, window };
  const path = `/v1/users/${userRef}/sealed-attributes`;
  const answer = await askCell(services, { path, body, asked: { names, purpose } });
  const { sealed, not_before: from, expires_at: until } = isObject(answer) ? answer : {};
  if (typeof sealed !== 'string' || !ENVELOPE.test(sealed)) throw unusable();
  return Object.freeze({ sealed, notBefore: timeOf(from), expiresAt: timeOf(until) });
}

/**
 * Opens what {@link sealAttributes} gave: in its window, for its purpose and order, while the person's consent lives.
 * @throws ConsentRequiredError `consent_expired`
 * @throws UserrefError `sealed_mismatch`, `sealed_not_open_yet`, `sealed_expired`, `sealed_destroyed` (the person
 *   withdrew: delete the envelope), `sealed_invalid`, `not_found`, and what {@link sealAttributes} throws
 */
export async function unseal(
  services: Services,
  sealed: string,
  request: UnsealRequest,
): Promise<Attributes> {
  const { purpose, orderRef } = request;
  if (typeof sealed !== 'string' || !ENVELOPE.test(sealed)) throw new UserrefError('sealed_invalid');
  if (typeof purpose !== 'string' || purpose.length === 0) throw new UserrefError('purpose_required');
  const body = { sealed, purpose, order_ref: orderRef };
  const answer = await askCell(services, { path: '/v1/unseal', body, asked: { names: [], purpose } });
  const attributes = isObject(answer) ? answer.attributes : undefined;
  if (!isObject(attributes)) throw unusable();
  const names = Object.keys(attributes);
  if (names.length === 0 || !names.every((name) => ATTRIBUTE_NAME.test(name))) throw unusable();
  return new Attributes(attributes);
}

function timeText(time: Date): string {
  if (time instanceof Date && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new UserrefError('invalid_request', { detail: 'A time of the window is not a valid Date.' });
}

function timeOf(text: unknown): Date {
  const time = new Date(typeof text === 'string' ? text : Number.NaN);
  if (Number.isNaN(time.getTime())) throw unusable();
  return time;
}
