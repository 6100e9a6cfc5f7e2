import type { SessionStore, Userref, WebhookEvent } from '@userref/sdk-core';

/** Revocations of this site as the core tells them to whoever asks, for webhooks that did not arrive. */
export interface RevocationFeed {
  /** Those after `since`, as far as sessions can still be affected; `null` while the first round is not done. */
  after(since: string): RevocationPage | null;
  /** Asks the core once. Failures are told to `onFailure` and left for the next round. */
  poll(): Promise<void>;
  /** Polls until {@link stop}. */
  start(): void;
  stop(): void;
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

export function createRevocationFeed(options: RevocationFeedOptions): RevocationFeed {
  const { userref, pollSeconds, sessionTtlSeconds, now, onFailure } = options;
  let entries: Entry[] = [];
  let cursor: string | undefined;
  let caughtUpAt: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function readPages(): Promise<void> {
    const oldest = now() - sessionTtlSeconds - MARGIN_SECONDS;
    for (let more = true; more; ) {
      const since = new Date(oldest * 1000);
      const page = await userref.fetchEvents(cursor === undefined ? { since } : { after: cursor });
      for (const event of page.events) await keep(event, page.next);
      more = page.more && page.next !== cursor;
      cursor = page.next;
    }
    entries = entries.filter(({ occurredAt }) => occurredAt >= oldest);
    caughtUpAt = now();
  }

  /** What is older than any session that still runs concerns nobody. */
  async function keep(event: WebhookEvent, place: string): Promise<void> {
    const occurredAt = Math.floor(Date.parse(event.timestamp) / 1000);
    if (occurredAt < now() - sessionTtlSeconds - MARGIN_SECONDS) return;
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
    after(since) {
      if (caughtUpAt === null || cursor === undefined) return null;
      const from = BigInt(since);
      const events = entries.filter(({ place }) => place > from).map(({ event }) => event);
      return { events, next: from > BigInt(cursor) ? since : cursor };
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
      caughtUp: caughtUpAt !== null,
      ageSeconds: caughtUpAt === null ? null : now() - caughtUpAt,
    }),
  };
}

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
