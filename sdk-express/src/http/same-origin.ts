import type { Request } from 'express';

/**
 * Whether a form of this very site sent the request. Browsers set both headers and pages cannot; a request
 * without either is refused. `Origin: null` comes from pages with `Referrer-Policy: no-referrer`, so
 * `Sec-Fetch-Site` decides where there is one.
 */
export function isSameOrigin(request: Request, baseUrl: string): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined)
    return site === 'same-origin' && (!origin || origin === 'null' || origin === baseUrl);
  return origin === baseUrl;
}
