import type { IncomingRequest } from '../incoming-request.ts';

const HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];
/** Frameworks that fetch ahead by themselves say so with a bare mark. */
const MARKS = ['next-router-prefetch', 'x-middleware-prefetch'];

/** Whether a browser or a framework looks ahead: that must neither sign anybody in nor out. */
export function isPrefetch(incoming: IncomingRequest): boolean {
  if (MARKS.some((name) => incoming.header(name) !== undefined)) return true;
  return HEADERS.some((name) => /prefetch|prerender|preview/i.test(incoming.header(name) ?? ''));
}
