import { findOutboundError, type OutboundFetch } from '../../outbound/outbound-fetch.ts';
import type { AttemptRow } from './delivery-repository.ts';
import { parseRetryAfterMs } from './retry-schedule.ts';
import { webhookHeaders } from './standard-webhooks-signature.ts';

export interface Sending {
  /** `webhook-id`. */
  readonly eventId: string;
  readonly url: string;
  readonly body: Buffer;
  /** The current secret first. */
  readonly secrets: readonly string[];
}

/** `gone`: the receiver wants no more events (410). `failed`: try again later, not before `retryAfterMs`. */
export type AttemptOutcome = AttemptRow &
  (
    | { readonly kind: 'delivered' }
    | { readonly kind: 'gone' }
    | { readonly kind: 'failed'; readonly retryAfterMs: number | undefined }
  );

/**
 * Sends once, signed with the time of this attempt. Only 2xx is receipt; a redirect is a failure and is
 * not followed (Standard Webhooks, «Best practices»). Nothing of the answer but its status is kept.
 */
export async function attemptDelivery(
  sending: Sending,
  options: { fetch: OutboundFetch; now: () => Date },
): Promise<AttemptOutcome> {
  const startedAt = options.now();
  const started = performance.now();
  const answer = await post(sending, startedAt, options.fetch);
  const latencyMs = Math.round(performance.now() - started);
  return classify(
    { startedAt, latencyMs, status: answer.status, failure: answer.failure },
    answer.retryAfter,
  );
}

interface Answer {
  readonly status: number | null;
  readonly failure: string | null;
  readonly retryAfter: string | null;
}

async function post(sending: Sending, now: Date, fetch: OutboundFetch): Promise<Answer> {
  const message = { id: sending.eventId, timestamp: Math.floor(now.getTime() / 1_000), body: sending.body };
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Userref-Webhooks/1',
    ...webhookHeaders(message, sending.secrets),
  };
  try {
    const response = await fetch(sending.url, {
      method: 'POST',
      headers,
      body: new Uint8Array(sending.body),
    });
    await response.body?.cancel().catch(() => {});
    return { status: response.status, failure: null, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    const outbound = findOutboundError(error);
    if (outbound === undefined) throw error;
    return { status: null, failure: outbound.reason, retryAfter: null };
  }
}

function classify(row: AttemptRow, retryAfter: string | null): AttemptOutcome {
  const { status } = row;
  if (status !== null && status >= 200 && status < 300) return { ...row, kind: 'delivered' };
  if (status === 410) return { ...row, kind: 'gone' };
  const asked = status === 429 || status === 503 ? parseRetryAfterMs(retryAfter, row.startedAt) : undefined;
  return { ...row, kind: 'failed', retryAfterMs: asked };
}
