import type { IncomingRequest, Visit } from '@userref/sdk-core/adapter';
import { headers } from 'next/headers.js';
import { cache } from 'react';
import { PAGE_HEADER } from '../proxy.ts';
import type { LazySite, Site } from '../site/site.ts';
import { throwWithDigest } from './digest.ts';

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
  const known = cache(async () => visitIn(await headers(), site));
  return async () => {
    // First of all and each time: here Next.js learns at build time that the page is not static, and here it refuses
    // within `unstable_cache`, where a visit that is known already would be kept for everybody.
    await headers();
    return known();
  };
}

async function visitIn(sent: Pick<Headers, 'get'>, site: LazySite): Promise<CurrentVisit> {
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
  const begun = async () => adapter.beginVisit(incoming);
  return { site: current, visit: await begun().catch(throwWithDigest), page };
}
