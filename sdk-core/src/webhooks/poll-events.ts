import type { Services } from '../services.ts';
import { applyToSessions } from './apply-to-sessions.ts';
import { type FetchEventsRequest, fetchEvents } from './fetch-events.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** Where the poller has got to, kept where it survives a restart. */
export interface EventCursor {
  /** What was saved last; `null` before the first time. */
  load(): Promise<string | null>;
  save(next: string): Promise<void>;
}

/** How to follow the event feed, and what to do about events. */
export interface PollEventsRequest {
  readonly cursor: EventCursor;
  /**
   * What the site does about an event; the sessions that its page names have ended by then. May get an event again: after a crash, or
   * when it threw for a later one of the same page. When it throws, the page is asked for again later.
   */
  readonly onEvent: (event: WebhookEvent) => void | Promise<void>;
  /** Told of every failure; the poller goes on by itself. */
  readonly onError: (error: unknown) => void;
  /**
   * Told at the end of every look that found nothing more: all that had happened is handled and the cursor saved.
   * The first time says that a site which was down knows again who has ended; the last time, how fresh that is.
   */
  readonly onCaughtUp?: (() => void) | undefined;
  /** Where to begin while the cursor holds nothing; see {@link FetchEventsRequest}. Default: 30 days ago. */
  readonly since?: Date | undefined;
  /** Ends the poller after the page at hand. */
  readonly signal: AbortSignal;
  /** Between two looks when there is nothing, in seconds. Default 5; after failures longer and longer, up to 300. */
  readonly everySeconds?: number | undefined;
}

const LONGEST_WAIT_SECONDS = 300;

/**
 * Asks the core for events, for a site that it cannot reach: at least once each, in their order. One process of a
 * site polls. Resolves once `signal` is aborted.
 */
export async function pollEvents(services: Services, request: PollEventsRequest): Promise<void> {
  const { onError, onCaughtUp, signal, everySeconds = 5 } = request;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const more = await takePage(services, request);
      failures = 0;
      if (more) continue;
      onCaughtUp?.();
    } catch (error) {
      failures += 1;
      onError(error);
    }
    await sleep(Math.min(everySeconds * 2 ** failures, LONGEST_WAIT_SECONDS), signal);
  }
}

/** The cursor moves only when all of the page is done. */
async function takePage(services: Services, { cursor, onEvent, since }: PollEventsRequest): Promise<boolean> {
  const after = await cursor.load();
  const page = await fetchEvents(services, { after: after ?? undefined, since });
  // Of the whole page first: a site that fails at one event must not keep sessions alive that a later one ends.
  for (const event of page.events) await applyToSessions(services.options, event);
  for (const event of page.events) await onEvent(event);
  if (page.next === after) return false;
  await cursor.save(page.next);
  return page.more;
}

function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, seconds * 1000);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}
