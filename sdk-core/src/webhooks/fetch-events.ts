import { isObject } from '../encoding/strict-json.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { Services } from '../services.ts';
import { requestAsSite } from './site-request.ts';
import { readEvent, type WebhookEvent } from './webhook-event.ts';

/** Where in the feed to begin; both left out: with the oldest event that the core still has. */
export interface FetchEventsRequest {
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /**
   * Where to begin without `after`: with what happened at this time or later. Default: with the oldest event that
   * the core still has (30 days). Older ones may be among them, as an event can be written down late.
   */
  readonly since?: Date | undefined;
}

/** A page of the event feed, at most 100 events. */
export interface EventPage {
  /** Oldest first. The same events as webhooks, with the same ids. */
  readonly events: readonly WebhookEvent[];
  /** Keep it once the events are handled, and ask with it the next time. */
  readonly next: string;
  /** Whether there are more already. `false`: the site has caught up with all that has happened. */
  readonly more: boolean;
}

const CURSOR = /^\d{1,18}$/;

/** A page of at most 100 events. @throws UserrefError `network_failed`, `webhook_body_invalid` */
export async function fetchEvents(services: Services, request: FetchEventsRequest): Promise<EventPage> {
  const response = await requestAsSite(services, `/v1/events${queryOf(request)}`, { method: 'GET' });
  const page: unknown = await response.json().catch(() => null);
  if (!isObject(page) || !Array.isArray(page.events) || !CURSOR.test(String(page.next))) {
    throw new UserrefError('network_failed', { detail: 'The answer is no page of events.' });
  }
  return { events: page.events.map(toEvent), next: String(page.next), more: page.more === true };
}

function queryOf({ after, since }: FetchEventsRequest): string {
  if (after !== undefined) return `?after=${encodeURIComponent(after)}`;
  return since === undefined ? '' : `?since=${since.toISOString()}`;
}

function toEvent(item: unknown): WebhookEvent {
  const { id, type, timestamp, data } = isObject(item) ? item : {};
  return readEvent(String(id), new TextEncoder().encode(JSON.stringify({ type, timestamp, data })));
}
