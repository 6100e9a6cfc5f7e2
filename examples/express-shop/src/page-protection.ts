import type { RequestHandler } from 'express';

/**
 * Headers for every answer: nothing from elsewhere, no inline script or style, no frames, no caching of pages.
 * `issuer` is allowed as a form target because signing out ends at the login service.
 */
export function securityHeaders({ issuer }: { issuer: string }): RequestHandler {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `form-action 'self' ${new URL(issuer).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

  return (_req, res, next) => {
    res.set({
      'content-security-policy': policy,
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
      'cache-control': 'no-store',
    });
    next();
  };
}

/**
 * Refuses forms that another page sent. SameSite cookies are not enough where shops share a host name and differ
 * by port, because browsers count those as one site.
 */
export function sameOriginForms({ baseUrl }: { baseUrl: string }): RequestHandler {
  const own = new URL(baseUrl).origin;
  return (req, res, next) => {
    if (req.method === 'GET' || req.method === 'HEAD') return next();
    const from = req.get('sec-fetch-site');
    const trusted = from === undefined ? req.get('origin') === own : from === 'same-origin';
    if (trusted) return next();
    res.status(403).type('text/plain').send('This form did not come from this shop. Nothing was done.\n');
  };
}
