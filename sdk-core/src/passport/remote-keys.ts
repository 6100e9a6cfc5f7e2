import { UserrefError } from '../errors/userref-error.ts';
import { type KeySource, type PublishedKey, parseKeySet } from './key-set.ts';

export interface RemoteKeysOptions {
  /** Fetches the JWK set as parsed JSON. */
  readonly load: () => Promise<unknown>;
  /** Unix seconds. */
  readonly now: () => number;
}

/** A set is asked for anew after this time, in the background. */
const FRESH_SECONDS = 600;
/** A set that cannot be renewed is used no longer than this. */
const MAX_STALE_SECONDS = 86_400;
/** Shortest time between two requests that an unknown `kid` or a stale set may cause. */
const COOLDOWN_SECONDS = 30;

/**
 * The issuer's published keys: fetched once for all, renewed in the background, and kept while the issuer is
 * away or publishes a set that is refused. Unknown `kid`s cause at most one request per 30 seconds.
 */
export function createRemoteKeys({ load, now }: RemoteKeysOptions): KeySource {
  let keys: Map<string, PublishedKey> | null = null;
  let loadedAt = 0;
  let triedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;

  async function renew(): Promise<void> {
    triedAt = now();
    keys = parseKeySet(await load());
    loadedAt = triedAt;
  }
  function refresh(): Promise<void> {
    running ??= renew().finally(() => {
      running = null;
    });
    return running;
  }
  // A clock that was ahead and is put right must not keep a set for as long as it was ahead.
  const since = (time: number) => Math.abs(now() - time);
  const mayRefresh = () => running !== null || since(triedAt) >= COOLDOWN_SECONDS;
  const refreshQuietly = () => refresh().catch(() => undefined);

  return {
    async find(kid) {
      if (keys === null) await refresh();
      if (since(loadedAt) > MAX_STALE_SECONDS && mayRefresh()) await refreshQuietly();
      if (since(loadedAt) > MAX_STALE_SECONDS) throw tooStale();
      const known = keys?.get(kid);
      if (known === undefined && mayRefresh()) await refreshQuietly();
      else if (since(loadedAt) > FRESH_SECONDS && mayRefresh()) void refreshQuietly();
      return keys?.get(kid) ?? null;
    },
  };
}

function tooStale(): UserrefError {
  return new UserrefError('network_failed', { detail: 'The key set could not be renewed for a day.' });
}
