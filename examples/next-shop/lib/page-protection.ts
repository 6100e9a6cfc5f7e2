import type { NextRequest } from 'next/server';

/**
 * Headers for pages. Next.js starts itself by inline scripts, so those are allowed; nothing comes from elsewhere.
 * The issuer is a form target because signing out ends at the login service.
 */
export function protectPage(response: Response): Response {
  const issuer = new URL(process.env.USERREF_ISSUER ?? 'http://localhost').origin;
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `form-action 'self' ${issuer}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  response.headers.set('Content-Security-Policy', policy);
  response.headers.set('Referrer-Policy', 'same-origin');
  response.headers.set('X-Content-Type-Options', 'nosniff');
  response.headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  return response;
}

/** Browsers count shops that differ by port as one site, so SameSite cookies alone do not keep forms apart. */
export function refuseForeignForm(request: NextRequest): Response | null {
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const from = request.headers.get('sec-fetch-site');
  const isOwn =
    from === null ? request.headers.get('origin') === process.env.USERREF_BASE_URL : from === 'same-origin';
  if (isOwn) return null;
  return new Response('This form did not come from this shop. Nothing was done.\n', { status: 403 });
}
