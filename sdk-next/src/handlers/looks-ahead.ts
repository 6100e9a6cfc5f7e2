import type { IncomingRequest } from '@userref/sdk-core/adapter';

/**
 * Whether a script asks instead of the browser's address bar: the router of Next.js fetches a `<Link>` before
 * anybody follows it, and again when they do. Neither may sign in. An answer that is no page makes the router
 * load the address for real, and then the login starts.
 */
export function looksAhead(incoming: IncomingRequest): boolean {
  if (incoming.header('rsc') !== undefined) return true;
  const mode = incoming.header('sec-fetch-mode');
  return mode !== undefined && mode !== 'navigate';
}
