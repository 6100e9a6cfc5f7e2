import { findOutboundError, type OutboundFetch } from '../../outbound/outbound-fetch.ts';
import type { AttemptRow } from './delivery-repository.ts';
import { readBeginning, saysPurged } from './read-answer.ts';
import { excerptOf } from './redact-excerpt.ts';
import { parseRetryAfterMs } from './retry-schedule.ts';

/** One request, complete: headers and bytes as they go out. */
export interface Sending {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** `gone`: the receiver wants no more events (410). `failed`: try again later, not before `retryAfterMs`. */
export type AttemptOutcome = AttemptRow &
  (
    | { readonly kind: 'delivered'; readonly isPurged: boolean }
    | { readonly kind: 'gone' }
    | { readonly kind: 'failed'; readonly retryAfterMs: number | undefined }
  );

/**
 * Sends once. Only 2xx is receipt; a redirect is a failure and is not followed (Standard Webhooks, «Best
 * practices»). Of the answer, its status and a redacted beginning are kept.
 */
export async function attemptDelivery(
  sending: Sending,
  options: { fetch: OutboundFetch; startedAt: Date },
): Promise<AttemptOutcome> {
  const { fetch, startedAt } = options;
  const started = performance.now();
  const answer = await post(sending, fetch);
  const { status, failure, excerpt } = answer;
  const latencyMs = Math.round(performance.now() - started);
  return classify({ startedAt, latencyMs, status, failure, excerpt }, answer);
}

interface Answer {
  readonly status: number | null;
  readonly failure: string | null;
  readonly retryAfter: string | null;
  readonly excerpt: string | null;
  readonly isPurged: boolean;
}

async function post({ url, headers, body }: Sending, fetch: OutboundFetch): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': 'Userref-Webhooks/1', ...headers },
      body: new Uint8Array(body),
    });
    const beginning = await readBeginning(response);
    return {
      status: response.status,
      failure: null,
      retryAfter: response.headers.get('retry-after'),
      excerpt: excerptOf(beginning),
      isPurged: saysPurged(beginning),
    };
  } catch (error) {
    const outbound = findOutboundError(error);
    if (outbound === undefined) throw error;
    return { status: null, failure: outbound.reason, retryAfter: null, excerpt: null, isPurged: false };
  }
}

function classify(row: AttemptRow, { retryAfter, isPurged }: Answer): AttemptOutcome {
  const { status } = row;
  if (status !== null && status >= 200 && status < 300) return { ...row, kind: 'delivered', isPurged };
  if (status === 410) return { ...row, kind: 'gone' };
  const asked = status === 429 || status === 503 ? parseRetryAfterMs(retryAfter, row.startedAt) : undefined;
  return { ...row, kind: 'failed', retryAfterMs: asked };
}
