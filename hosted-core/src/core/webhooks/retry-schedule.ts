const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export interface RetrySchedule {
  /** Milliseconds between one attempt and the next; one more attempt than gaps is made. */
  readonly gapsMs: readonly number[];
  /** No attempt begins later than this after the first was due. */
  readonly windowMs: number;
}

/**
 * At once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h (the schedule that Standard
 * Webhooks publishes), the last one moved forward to the end of 72 hours.
 */
export const DEFAULT_SCHEDULE: RetrySchedule = {
  gapsMs: [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
  ],
  windowMs: 72 * HOUR,
};

/** Each gap is up to a tenth shorter or longer, so that receivers do not meet all retries at once. */
const JITTER = 0.1;

/**
 * Milliseconds until the next attempt, or `null` when there is none.
 * @param attempt number of the attempt that failed, from 1
 * @param elapsedMs since the first attempt was due
 * @param retryAfterMs what the receiver asked for; lengthens the gap, never shortens it
 * @param random in [0, 1)
 */
export function nextAttemptInMs(
  failed: { attempt: number; elapsedMs: number; retryAfterMs?: number | undefined },
  schedule: RetrySchedule = DEFAULT_SCHEDULE,
  random: () => number = Math.random,
): number | null {
  const gap = schedule.gapsMs[failed.attempt - 1];
  const remaining = schedule.windowMs - failed.elapsedMs;
  if (gap === undefined || remaining <= 0) return null;
  const jittered = gap * (1 - JITTER + 2 * JITTER * random());
  return Math.round(Math.min(Math.max(jittered, failed.retryAfterMs ?? 0), remaining));
}

/**
 * Milliseconds of a `Retry-After` header: seconds or an HTTP date (RFC 9110 §10.2.3). `undefined` when it
 * is missing, malformed or past.
 */
export function parseRetryAfterMs(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  const wait = /GMT$/.test(header) ? Date.parse(header) - now.getTime() : Number.NaN;
  return wait > 0 ? wait : undefined;
}
