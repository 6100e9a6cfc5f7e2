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
    let visit: Visit | undefined;
    try {
      visit = await adapter.beginVisit(incoming, (cookies) => setCookies.push(...cookies));
      const { user } = visit;
      const isForeign = !SAFE.includes(request.method) && !isSameOrigin(incoming, adapter.userref.baseUrl);
      if (isForeign) throw new UserrefError('csrf_rejected');
      if (user === null) throw new UserrefError('not_signed_in');
      return forThisVisitor(await handler(request, visitorOf(visit, user), context), setCookies);
    } catch (error) {
      if (!(error instanceof UserrefError)) throw error;
      const answer = (await visit?.recover(error)) ?? adapter.answerError(error, incoming);
      return responseTo(withCookies(answer, setCookies), { request, renderError });
    }
  };
}

export function visitorOf(visit: Visit, user: User): Visitor {
  return { user, fetchAttributes: (names, asked) => visit.fetchAttributes(names, asked) };
}

/** No cache may give one visitor's answer to another, and a session cookie least of all. */
function forThisVisitor(response: Response, setCookies: readonly string[]): Response {
  const headers = new Headers(response.headers);
  const isPrivate = setCookies.length > 0 || !headers.has('cache-control');
  if (isPrivate) headers.set('Cache-Control', 'private, no-store');
  for (const cookie of setCookies) headers.append('Set-Cookie', cookie);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
