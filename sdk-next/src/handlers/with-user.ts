import { UserrefError } from '@userref/sdk-core';
import { incomingOf, isSameOrigin, type User, type Visit, withCookies } from '@userref/sdk-core/adapter';
import type { RenderError } from '../site/options.ts';
import type { LazySite } from '../site/site.ts';
import { responseTo } from './response-to.ts';

/** The visitor of a route handler. */
export interface Visitor {
  readonly user: User;
  /** As `fetchAttributes` of `createUserref`; what it throws becomes the answer unless it is caught. */
  readonly fetchAttributes: Visit['fetchAttributes'];
}

export type VisitorHandler<Context> = (
  request: Request,
  visitor: Visitor,
  context: Context,
) => Response | Promise<Response>;

/** Wraps a route handler for signed-in visitors. */
export type WithUser = <Context = unknown>(
  handler: VisitorHandler<Context>,
) => (request: Request, context: Context) => Promise<Response>;

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE = ['GET', 'HEAD', 'OPTIONS'];

export function createWithUser(site: LazySite<RenderError>): WithUser {
  return (handler) => async (request, context) => {
    const { adapter, renderError } = site();
    const incoming = incomingOf(request);
    const setCookies: string[] = [];
    const visit = await adapter.beginVisit(incoming, (cookies) => setCookies.push(...cookies));
    try {
      const isForeign = !SAFE.includes(request.method) && !isSameOrigin(incoming, adapter.userref.baseUrl);
      if (isForeign) throw new UserrefError('csrf_rejected');
      if (visit.user === null) throw new UserrefError('not_signed_in');
      const fetchAttributes: Visitor['fetchAttributes'] = (names, asked) =>
        visit.fetchAttributes(names, asked);
      return forThisVisitor(
        await handler(request, { user: visit.user, fetchAttributes }, context),
        setCookies,
      );
    } catch (error) {
      if (!(error instanceof UserrefError)) throw error;
      const answer = withCookies(await visit.recover(error), setCookies);
      return responseTo(answer, { request, renderError });
    }
  };
}

/** No cache may give one visitor's answer to another. */
function forThisVisitor(response: Response, setCookies: readonly string[]): Response {
  const headers = new Headers(response.headers);
  if (!headers.has('cache-control')) headers.set('Cache-Control', 'private, no-store');
  for (const cookie of setCookies) headers.append('Set-Cookie', cookie);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
