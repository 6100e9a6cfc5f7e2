import type { SessionStore } from './session-store.ts';

interface Revocation {
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
  const sessions = new Map<string, Revocation>();
  const users = new Map<string, Revocation>();
  const webhooks = new Map<string, number>();
  let sweptAt = now();

  function sweep(): void {
    if (now() - sweptAt < SWEEP_SECONDS) return;
    sweptAt = now();
    for (const ended of [sessions, users])
      for (const [name, entry] of ended) if (entry.until < sweptAt) ended.delete(name);
    for (const [id, until] of webhooks) if (until < sweptAt) webhooks.delete(id);
  }

  function end(ended: Map<string, Revocation>, name: string, { revokedAt, until }: Revocation): void {
    sweep();
    const known = ended.get(name) ?? { revokedAt: 0, until: 0 };
    ended.set(name, {
      revokedAt: Math.max(revokedAt, known.revokedAt),
      until: Math.max(until, known.until),
    });
  }

  return {
    async revokeSession(sid, until, issuedUntil = until) {
      end(sessions, sid, { revokedAt: issuedUntil, until });
    },
    async revokeUser(userRef, revokedAt, until) {
      end(users, userRef, { revokedAt, until });
    },
    isRevoked({ sid, userRef, issuedAt }) {
      const isEnded = (entry: Revocation | undefined) => issuedAt <= (entry?.revokedAt ?? -1);
      return isEnded(sessions.get(sid)) || isEnded(users.get(userRef));
    },
    async rememberWebhook(id, until) {
      sweep();
      if (webhooks.has(id)) return false;
      webhooks.set(id, until);
      return true;
    },
  };
}
