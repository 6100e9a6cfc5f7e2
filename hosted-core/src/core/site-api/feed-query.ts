import { UserrefError } from '../../errors/userref-error.ts';

export interface FeedQuery {
  /** `next` of the page before. `0`: from the oldest event. */
  readonly after: string;
  /** Instead of `after`: from the first event of this time or later. */
  readonly since?: Date;
  readonly limit: number;
}

const MOST_EVENTS = 100;
const CURSOR = /^\d{1,18}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** @throws UserrefError `invalid_request` */
export function readFeedQuery(query: Readonly<Record<string, unknown>>): FeedQuery {
  const { after, since, limit = String(MOST_EVENTS), ...others } = query;
  if (Object.keys(others).length > 0 || (after !== undefined && since !== undefined)) {
    throw new UserrefError('invalid_request', { detail: 'A feed takes `after` or `since`, and `limit`.' });
  }
  return { ...(since === undefined ? { after: cursor(after) } : startOf(since)), limit: pageSize(limit) };
}

function cursor(after: unknown = '0'): string {
  if (typeof after === 'string' && CURSOR.test(after)) return after;
  throw new UserrefError('invalid_request', {
    detail: '`after` is the `cursor` of an event, or left out.',
  });
}

function startOf(since: unknown): { after: string; since: Date } {
  const time = typeof since === 'string' && TIME.test(since) ? new Date(since) : null;
  if (time !== null && !Number.isNaN(time.getTime())) return { after: '0', since: time };
  throw new UserrefError('invalid_request', { detail: '`since` is a time such as 2026-11-22T08:00:00Z.' });
}

function pageSize(limit: unknown): number {
  if (typeof limit === 'string' && /^\d{1,3}$/.test(limit) && Number(limit) >= 1)
    return Math.min(Number(limit), MOST_EVENTS);
  throw new UserrefError('invalid_request', { detail: '`limit` is a number from 1 to 100.' });
}
