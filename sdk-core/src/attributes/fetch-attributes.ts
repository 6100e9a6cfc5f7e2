import { isObject } from '../encoding/strict-json.ts';
import type { Services } from '../services.ts';
import type { Session } from '../session/session.ts';
import { checkAttributeRequest } from './attribute-request.ts';
import { Attributes } from './attributes.ts';
import { refusalOf, unusable } from './refusal-of-cell.ts';
import type { SiteAttributeName, SitePurpose } from './site-attributes.ts';

/** For what the values are needed. */
export interface FetchAttributesRequest {
  /** Why they are needed: the id of a purpose that the person has agreed to. */
  readonly purpose: SitePurpose;
}

/**
 * Fetches values live from the person's cell: all of `names`, or an error.
 * @throws ConsentRequiredError `consent_required`, `consent_expired`: names what is missing
 * @throws UserrefError `session_revoked` (the token is dead: sign in again), `processing_restricted`,
 *   `insufficient_user_authentication`, `unknown_attribute`, `purpose_required`, `unknown_purpose`,
 *   `attributes_unavailable`, `discovery_failed`; with `isTransient`: `network_failed`, `service_unavailable`,
 *   `rate_limited`
 */
export async function fetchAttributes<const Name extends SiteAttributeName>(
  services: Services,
  session: Session,
  request: FetchAttributesRequest & { readonly names: readonly Name[] },
): Promise<Attributes<Name>> {
  const { names, purpose } = request;
  checkAttributeRequest(names, purpose);
  const { cell } = await services.connector.connect();
  const query = new URLSearchParams({ names: names.join(','), purpose });
  const response = await services.transport(`${cell.replace(/\/$/, '')}/v1/attributes?${query}`, {
    headers: { accept: 'application/json', authorization: `Bearer ${session.accessToken}` },
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.status !== 200) throw refusalOf(response.status, body, { names, purpose });
  return new Attributes(pick(body, names));
}

/** Exactly what was asked for: an answer that lacks a name or adds one is not passed on. */
function pick<Name extends SiteAttributeName>(body: unknown, names: readonly Name[]): Record<Name, unknown> {
  const attributes = isObject(body) ? body.attributes : undefined;
  if (!isObject(attributes)) throw unusable();
  const complete = names.every((name) => Object.hasOwn(attributes, name));
  if (!complete || Object.keys(attributes).length !== names.length) throw unusable();
  return attributes as Record<Name, unknown>;
}
