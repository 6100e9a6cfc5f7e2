import type { IncomingRequest } from '../incoming-request.ts';

/**
 * Whether a form of this very site sent the request. Browsers set both headers and pages cannot; a request
 * without either is refused. `Origin: null` comes from pages with `Referrer-Policy: no-referrer`, so
 * `Sec-Fetch-Site` decides where there is one.
 */
export function isSameOrigin(incoming: IncomingRequest, baseUrl: string): boolean {
  const origin = incoming.header('origin');
  const site = incoming.header('sec-fetch-site');
  if (site !== undefined)
    return site === 'same-origin' && (!origin || origin === 'null' || origin === baseUrl);
  return origin === baseUrl;
}
