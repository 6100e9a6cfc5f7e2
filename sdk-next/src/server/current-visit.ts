import type { IncomingRequest, Visit } from '@userref/sdk-core/adapter';
import { headers } from 'next/headers.js';
import { cache } from 'react';
import { PAGE_HEADER } from '../proxy.ts';
import type { LazySite, Site } from '../site/site.ts';

/** What a server component, route handler or server action knows of its request. */
export interface CurrentVisit {
  readonly site: Site;
  readonly visit: Visit;
  /** The page that is being rendered, where `proxy` runs; otherwise `/`. */
  readonly page: string;
}

/**
 * The visit of this request, looked up once however many components ask. Cookies cannot be written here:
 * `proxy` removes a dead one at the next request.
 */
export function currentVisit(site: LazySite): () => Promise<CurrentVisit> {
  return cache(async () => {
    // First of all: at build time this is where Next.js learns that the page is not static, and stops.
    const sent = await headers();
    const current = site();
    const { adapter } = current;
    const asked = sent.get(PAGE_HEADER) ?? '/';
    const page = adapter.userref.isSafeReturnTo(asked) ? asked : '/';
    const incoming: IncomingRequest = {
      method: 'GET',
      target: page,
      header: (name) => sent.get(name) ?? undefined,
      rawBody: async () => new Uint8Array(),
    };
    return { site: current, visit: await adapter.beginVisit(incoming), page };
  });
}
