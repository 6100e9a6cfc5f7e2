import type { SessionStore } from './session-store.ts';

interface UserRevocation {
  readonly revokedAt: number;
  readonly until: number;
}

/** Entries are swept when a write finds the last sweep this old, in seconds. */
const SWEEP_SECONDS = 60;

/**
 * A store in the memory of this process: for one process, development and tests. Another process, and this
 * one after a restart, does not know its entries.
 */
export function memorySessionStore(options: { readonly clock?: () => Date } = {}): SessionStore {
  const now = () => Math.floor((options.clock?.() ?? new Date()).getTime() / 1000);
  const sessions = new Map<string, number>();
  const users = new Map<string, UserRevocation>();
  const webhooks = new Map<string, number>();
  let sweptAt = now();

  function sweep(): void {
    if (now() - sweptAt < SWEEP_SECONDS) return;
    sweptAt = now();
    for (const [sid, until] of sessions) if (until < sweptAt) sessions.delete(sid);
    for (const [userRef, entry] of users) if (entry.until < sweptAt) users.delete(userRef);
    for (const [id, until] of webhooks) if (until < sweptAt) webhooks.delete(id);
  }

  return {
    async revokeSession(sid, until) {
      sweep();
      sessions.set(sid, Math.max(until, sessions.get(sid) ?? 0));
    },
    async revokeUser(userRef, revokedAt, until) {
      sweep();
      const known = users.get(userRef) ?? { revokedAt: 0, until: 0 };
      users.set(userRef, {
        revokedAt: Math.max(revokedAt, known.revokedAt),
        until: Math.max(until, known.until),
      });
    },
    isRevoked({ sid, userRef, issuedAt }) {
      return sessions.has(sid) || issuedAt <= (users.get(userRef)?.revokedAt ?? -1);
    },
    async rememberWebhook(id, until) {
      sweep();
      if (webhooks.has(id)) return false;
      webhooks.set(id, until);
      return true;
    },
  };
}
