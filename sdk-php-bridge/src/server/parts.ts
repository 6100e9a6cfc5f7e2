import { createUserref, type Userref, UserrefError } from '@userref/sdk-core';
import { type CoreFetch, createCoreFetch } from '../core/core-fetch.ts';
import { createKeyCache, type KeyCache } from '../core/key-cache.ts';
import { createRateLimit } from '../core/rate-limit.ts';
import { createRevocationFeed, type RevocationFeed } from '../core/revocation-feed.ts';
import { createSiteCookies, type SiteCookies } from '../core/site-cookies.ts';
import type { BridgeSettings } from '../settings/bridge-settings.ts';
import { fitsPreviewPattern } from '../settings/preview-patterns.ts';

/** What the calls work with; built once for each address of the site. Nothing in it belongs to one visitor. */
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

/** The parts for all addresses that the site may have. */
export interface PartsByAddress {
  /** At its own address. */
  readonly own: Parts;
  /**
   * At the address of a preview, or at its own where none is named.
   * @throws UserrefError `preview_refused`
   */
  at(previewOrigin: string | undefined): Parts;
}

const DEFAULT_TTL_SECONDS = 28_800;
/** Of one that was forgotten in between, the discovery document is fetched anew. */
const MOST_PREVIEWS = 100;

export function createParts(
  settings: BridgeSettings,
  { clock, onPollFailure }: PartsOptions,
): PartsByAddress {
  const core = createCoreFetch();
  const options = { ...settings.userref, fetch: core.fetch, ...(clock && { clock }) };
  const userref = createUserref(options);
  const now = () => Math.floor((clock?.() ?? new Date()).getTime() / 1000);
  const own: Parts = {
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
  const open = (previewOrigin: string): Parts => {
    // What ended at one address has ended at all of them.
    const preview = createUserref({ ...options, previewOrigin, revocations: userref.revocations });
    return { ...own, userref: preview, cookies: createSiteCookies(preview) };
  };
  return { own, at: byAddress(own, { patterns: settings.previews, open }) };
}

function byAddress(
  own: Parts,
  { patterns, open }: { patterns: readonly string[]; open: (previewOrigin: string) => Parts },
): PartsByAddress['at'] {
  const previews = new Map<string, Parts>();
  return (origin) => {
    if (origin === undefined) return own;
    if (!patterns.some((pattern) => fitsPreviewPattern(origin, pattern))) {
      const detail = 'The bridge lets nobody sign in at the address that PHP names as its preview.';
      throw new UserrefError('preview_refused', { detail });
    }
    const parts = previews.get(origin) ?? open(origin);
    previews.delete(origin);
    previews.set(origin, parts);
    const [oldest = origin] = previews.keys();
    if (previews.size > MOST_PREVIEWS) previews.delete(oldest);
    return parts;
  };
}
