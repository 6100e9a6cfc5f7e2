import type { Attributes } from '@userref/sdk-core';
import type { Endpoint } from './endpoint.ts';
import {
  attributeNames,
  attributeValues,
  object,
  orderRef,
  previewOrigin,
  purpose,
  sealed,
  sessionHandle,
  text,
  time,
  userRef,
} from './schema.ts';
import { openSession } from './session-answer.ts';

/** Of every call that the cell answers. */
const OF_THE_CELL = [
  'processing_restricted',
  'unknown_attribute',
  'purpose_required',
  'unknown_purpose',
  'insufficient_user_authentication',
  'rate_limited',
  'attributes_unavailable',
  'discovery_failed',
  'service_unavailable',
] as const;
/** Of those that are asked as the site itself. */
const OF_SITES = ['token_exchange_failed', 'invalid_token'] as const;

interface AttributesBody {
  readonly session_handle: string;
  readonly names: readonly string[];
  readonly purpose: string;
}

export const fetchAttributes: Endpoint<AttributesBody> = {
  method: 'POST',
  path: '/v1/attributes',
  operationId: 'fetchAttributes',
  summary:
    'Values live from the person’s cell: all that were asked for, or a refusal that names what is missing.',
  body: object(
    { session_handle: sessionHandle, names: attributeNames, purpose },
    { preview_origin: previewOrigin },
  ),
  answer: object({ attributes: attributeValues }),
  errors: [
    'consent_required',
    'consent_expired',
    'session_revoked',
    'session_expired',
    'session_invalid',
    'preview_refused',
    ...OF_THE_CELL,
  ],
  async handle({ body, parts }) {
    const session = await openSession(parts, body.session_handle);
    const attributes = await parts.userref.fetchAttributes(session, body.names, { purpose: body.purpose });
    return { attributes: valuesOf(attributes) };
  },
};

interface SealBody {
  readonly user_ref: string;
  readonly names: readonly string[];
  readonly purpose: string;
  readonly order_ref: string;
  readonly expires_at: string;
  readonly not_before?: string;
}

export const sealAttributes: Endpoint<SealBody> = {
  method: 'POST',
  path: '/v1/attributes/seal',
  operationId: 'sealAttributes',
  summary: 'Has attributes sealed for one order. The site keeps the envelope and cannot read it.',
  body: object(
    { user_ref: userRef, names: attributeNames, purpose, order_ref: orderRef, expires_at: time },
    { not_before: time },
  ),
  answer: object({ sealed, not_before: time, expires_at: time }),
  errors: ['consent_required', 'consent_expired', 'not_found', ...OF_THE_CELL, ...OF_SITES],
  async handle({ body, parts: { userref } }) {
    const envelope = await userref.sealAttributes(body.user_ref, body.names, {
      purpose: body.purpose,
      orderRef: body.order_ref,
      expiresAt: new Date(body.expires_at),
      ...(body.not_before !== undefined && { notBefore: new Date(body.not_before) }),
    });
    return {
      sealed: envelope.sealed,
      not_before: envelope.notBefore.toISOString(),
      expires_at: envelope.expiresAt.toISOString(),
    };
  },
};

interface UnsealBody {
  readonly sealed: string;
  readonly purpose: string;
  readonly order_ref: string;
  readonly actor_ref: string;
}

export const unseal: Endpoint<UnsealBody> = {
  method: 'POST',
  path: '/v1/attributes/unseal',
  operationId: 'unseal',
  summary: 'Opens an envelope, in its window and for its purpose and order. Counted, and written to the log.',
  body: object({
    sealed,
    purpose,
    order_ref: orderRef,
    actor_ref: text('Who opens it, by a reference of your own; goes to the log.', {
      pattern: '^[A-Za-z0-9._:/-]{1,64}$',
    }),
  }),
  answer: object({ attributes: attributeValues }),
  errors: [
    'sealed_mismatch',
    'sealed_not_open_yet',
    'sealed_expired',
    'sealed_destroyed',
    'sealed_invalid',
    'not_found',
    ...OF_THE_CELL,
    ...OF_SITES,
  ],
  async handle({ body, parts: { userref, countUnseal }, log }) {
    countUnseal();
    const request = { purpose: body.purpose, orderRef: body.order_ref };
    const attributes = await userref.unseal(body.sealed, request);
    log({ actor_ref: body.actor_ref, order_ref: body.order_ref, purpose: body.purpose }, 'envelope opened');
    return { attributes: valuesOf(attributes) };
  },
};

function valuesOf(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(attributes.names.map((name) => [name, attributes.get(name)]));
}
