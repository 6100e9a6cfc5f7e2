import { createUserref, type Userref } from '@userref/sdk-core';
import { type CoreFetch, createCoreFetch } from '../core/core-fetch.ts';
import { createKeyCache, type KeyCache } from '../core/key-cache.ts';
import { createRateLimit } from '../core/rate-limit.ts';
import { createRevocationFeed, type RevocationFeed } from '../core/revocation-feed.ts';
import { createSiteCookies, type SiteCookies } from '../core/site-cookies.ts';
import type { BridgeSettings } from '../settings/bridge-settings.ts';

/** What the calls work with; built once. Nothing in it belongs to one visitor. */
export interface Parts {
  readonly userref: Userref;
  readonly cookies: SiteCookies;
  readonly keys: KeyCache;
  readonly feed: RevocationFeed;
  readonly core: CoreFetch;
  /** Counts an opened envelope. @throws UserrefError `rate_limited` */
  readonly countUnseal: () => void;
}

export interface PartsOptions {
  /** Default: the system clock. */
  readonly clock?: (() => Date) | undefined;
  readonly onPollFailure: (error: unknown) => void;
}

const DEFAULT_TTL_SECONDS = 28_800;

export function createParts(settings: BridgeSettings, { clock, onPollFailure }: PartsOptions): Parts {
  const core = createCoreFetch();
  const userref = createUserref({ ...settings.userref, fetch: core.fetch, ...(clock && { clock }) });
  const now = () => Math.floor((clock?.() ?? new Date()).getTime() / 1000);
  return {
    userref,
    core,
    cookies: createSiteCookies(userref),
    keys: createKeyCache({ fetchKeys: () => userref.fetchKeys(), now }),
    feed: createRevocationFeed({
      userref,
      now,
      pollSeconds: settings.pollSeconds,
      sessionTtlSeconds: settings.userref.sessionTtlSeconds ?? DEFAULT_TTL_SECONDS,
      onFailure: onPollFailure,
    }),
    countUnseal: createRateLimit({ perMinute: settings.unsealPerMinute, now }),
  };
}
