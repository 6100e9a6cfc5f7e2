import type { SessionStore, Userref, WebhookEvent } from '@userref/sdk-core';

/** Revocations of this site as the core tells them to whoever asks, for webhooks that did not arrive. */
export interface RevocationFeed {
  /**
   * Those after `since`, and with `0` those of late; `null` while the first round is not done. Whoever was away for
   * longer than a session lasts is told what happened meanwhile as the core has it, a part at a time, and each time
   * those of late along with it.
   * @throws UserrefError `network_failed` when the core would have to be asked and does not answer
   */
  after(since: string): Promise<RevocationPage | null>;
  /** Asks the core once. Failures are told to `onFailure` and left for the next round. */
  poll(): Promise<void>;
  /** Polls until {@link stop}. */
  start(): void;
  stop(): void;
  /** `caughtUp`: of late, too. The keys may be there for everybody while the core has no answer for this site. */
  state(): { readonly caughtUp: boolean; readonly ageSeconds: number | null };
}

export interface RevocationPage {
  readonly events: readonly WebhookEvent[];
  readonly next: string;
}

export interface RevocationFeedOptions {
  readonly userref: Pick<Userref, 'fetchEvents'> & { readonly revocations: SessionStore };
  readonly pollSeconds: number;
  readonly sessionTtlSeconds: number;
  /** Unix seconds. */
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

interface Entry {
  /** `next` of the page that it came in: never before its own place. */
  readonly place: bigint;
  readonly occurredAt: number;
  readonly event: WebhookEvent;
}

/** Sessions sealed just before a revocation, by a clock that is a little ahead. */
const MARGIN_SECONDS = 120;
/** Of 100 events each; what one call of PHP has the time for. */
const MOST_OLDER_PAGES = 10;
/** A round or two may fail. */
const LATE_ROUNDS = 4;
const LATE_SECONDS = 60;

export function createRevocationFeed(options: RevocationFeedOptions): RevocationFeed {
  const { userref, pollSeconds, sessionTtlSeconds, now, onFailure } = options;
  let entries: Entry[] = [];
  let cursor: string | undefined;
  /** Before this place something may be missing from `entries`. */
  let heldFrom = 0n;
  let caughtUpAt: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function readPages(): Promise<void> {
    const oldest = now() - sessionTtlSeconds - MARGIN_SECONDS;
    for (let more = true; more; ) {
      const since = new Date(oldest * 1000);
      const page = await userref.fetchEvents(cursor === undefined ? { since } : { after: cursor });
      if (cursor === undefined) forgetUpTo(page.next);
      for (const event of page.events) await keep(event, page.next);
      more = page.more && page.next !== cursor;
      cursor = page.next;
    }
    for (const { place, occurredAt } of entries) if (occurredAt < oldest) forgetUpTo(place);
    entries = entries.filter(({ occurredAt }) => occurredAt >= oldest);
    caughtUpAt = now();
  }

  function forgetUpTo(place: bigint | string): void {
    if (BigInt(place) > heldFrom) heldFrom = BigInt(place);
  }

  /** What is older than any session that still runs is left to {@link readOlder}. */
  async function keep(event: WebhookEvent, place: string): Promise<void> {
    const occurredAt = Math.floor(Date.parse(event.timestamp) / 1000);
    if (occurredAt < now() - sessionTtlSeconds - MARGIN_SECONDS) return forgetUpTo(place);
    const until = now() + sessionTtlSeconds + MARGIN_SECONDS;
    if (!(await revoke(userref.revocations, event, { occurredAt, until }))) return;
    entries.push({ place: BigInt(place), occurredAt, event });
  }

  function poll(): Promise<void> {
    running ??= readPages()
      .catch(onFailure)
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  function schedule(): void {
    timer = setTimeout(() => void poll().then(() => timer && schedule()), pollSeconds * 1000);
    timer.unref();
  }

  return {
    async after(since) {
      const from = BigInt(since);
      const isAhead = () => cursor !== undefined && from > BigInt(cursor);
      // Another bridge of the site may have told more than this one has heard by now.
      if (isAhead()) await poll();
      if (caughtUpAt === null || cursor === undefined) return null;
      if (from !== 0n && from < heldFrom) {
        const older = await readOlder(userref, { since, until: heldFrom });
        return { events: [...older.events, ...entries.map(({ event }) => event)], next: older.next };
      }
      // Ahead of the core itself: it was restored from a backup, and its places are others.
      const held = isAhead() ? entries : entries.filter(({ place }) => place > from);
      return { events: held.map(({ event }) => event), next: cursor };
    },
    poll,
    start() {
      if (pollSeconds === 0) return;
      schedule();
      void poll();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
    state: () => ({
      caughtUp:
        caughtUpAt !== null && now() - caughtUpAt <= Math.max(LATE_ROUNDS * pollSeconds, LATE_SECONDS),
      ageSeconds: caughtUpAt === null ? null : now() - caughtUpAt,
    }),
  };
}

async function readOlder(
  userref: Pick<Userref, 'fetchEvents'>,
  { since, until }: { readonly since: string; readonly until: bigint },
): Promise<RevocationPage> {
  const events: WebhookEvent[] = [];
  let next = since;
  for (let pages = 0; pages < MOST_OLDER_PAGES && BigInt(next) < until; pages += 1) {
    const page = await userref.fetchEvents({ after: next });
    events.push(...page.events.filter(({ type }) => CONCERNS_SITES.has(type)));
    if (page.next === next) break;
    next = page.next;
  }
  return { events, next };
}

const CONCERNS_SITES: ReadonlySet<string> = new Set([
  ...['session.revoked', 'access.revoked', 'consent.withdrawn', 'consent.expired'],
  ...['subject.restricted', 'subject.erased'],
]);

/** Ends here what the event ends; `false` when there is nothing for a site to do about it. */
async function revoke(
  store: SessionStore,
  event: WebhookEvent,
  { occurredAt, until }: { occurredAt: number; until: number },
): Promise<boolean> {
  switch (event.type) {
    case 'session.revoked':
      await store.revokeSession(event.data.sid, until);
      return true;
    case 'access.revoked':
    case 'consent.withdrawn':
    case 'subject.restricted':
    case 'subject.erased':
      await store.revokeUser(event.data.user_ref, occurredAt, until);
      return true;
    case 'consent.expired':
      // Ends no session, and what was shared has to go all the same.
      return true;
    default:
      return false;
  }
}
