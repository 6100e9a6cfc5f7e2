import type { Request, Response } from 'express';

const HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/** A browser that looks ahead must neither sign anybody in nor out. */
export function isPrefetch(request: Request): boolean {
  return HEADERS.some((name) => /prefetch|prerender|preview/i.test(String(request.headers[name] ?? '')));
}

/** Answers a prefetch with 503, which browsers throw away to ask again when the link is followed. */
export function refusePrefetch(request: Request, response: Response): boolean {
  if (!isPrefetch(request)) return false;
  response.status(503).set('Cache-Control', 'no-store').set('Retry-After', '0').end();
  return true;
}
