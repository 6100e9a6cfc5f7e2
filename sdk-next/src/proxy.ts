import { UserrefError } from '@userref/sdk-core';
import { type IncomingRequest, incomingOf } from '@userref/sdk-core/adapter';
import { type NextRequest, NextResponse } from 'next/server.js';
import { responseTo } from './handlers/response-to.ts';
import type { RenderError } from './site/options.ts';
import type { LazySite, Site } from './site/site.ts';

/** For `proxy.ts` (Next 16) or `middleware.ts` (Next 15). */
export type ProxyFunction = (request: NextRequest) => Promise<Response>;

/** Tells pages which address they are rendered for; Next.js does not. It is a wish of the browser and no more. */
export const PAGE_HEADER = 'x-userref-page';

/**
 * Runs before pages: removes a session cookie that is of no use (a page cannot), and sends visitors of protected
 * paths to sign in. It starts no login itself, so a page that is fetched ahead does nothing.
 */
export function createProxy(site: LazySite<RenderError>): ProxyFunction {
  return async (request) => {
    const current = site();
    const incoming = incomingOf(request);
    if (current.ownTarget(incoming.target) !== null) return NextResponse.next();
    try {
      return await admit(current, request, incoming);
    } catch (error) {
      if (!(error instanceof UserrefError)) throw error;
      const answer = current.adapter.answerError(error, incoming);
      return responseTo(answer, { request, renderError: current.renderError });
    }
  };
}

async function admit({ adapter, isProtected }: Site, request: NextRequest, incoming: IncomingRequest) {
  const cleared: string[] = [];
  const { user } = await adapter.beginVisit(incoming, (cookies) => cleared.push(...cookies));
  const forMembers = isProtected(request.nextUrl.pathname);
  const { baseUrl } = adapter.userref;
  const response =
    user === null && forMembers
      ? redirectTo(baseUrl + adapter.loginPath({ returnTo: safePage(adapter, incoming), startedBy: 'page' }))
      : NextResponse.next({ request: { headers: headersForPage(request, incoming.target, cleared) } });
  // A cache that keeps cookies would sign everybody out.
  if (forMembers || cleared.length > 0) response.headers.set('Cache-Control', 'private, no-store');
  for (const cookie of cleared) response.headers.append('Set-Cookie', cookie);
  return response;
}

/** 303, to an address made of `baseUrl`: whatever `Host` said is not repeated. */
function redirectTo(location: string): NextResponse {
  return new NextResponse(null, {
    status: 303,
    headers: { Location: location, 'Cache-Control': 'no-store' },
  });
}

function safePage({ userref }: Site['adapter'], { target }: IncomingRequest): string {
  return userref.isSafeReturnTo(target) ? target : '/';
}

/** What the page sees: its address, and no cookie that has just been cleared. */
function headersForPage(request: NextRequest, target: string, cleared: readonly string[]): Headers {
  const headers = new Headers(request.headers);
  headers.set(PAGE_HEADER, target);
  if (cleared.length === 0) return headers;
  const gone = cleared.map((cookie) => cookie.split('=', 1)[0]);
  const kept = (headers.get('cookie') ?? '')
    .split(/; */)
    .filter((pair) => !gone.includes(pair.split('=', 1)[0]));
  headers.set('cookie', kept.join('; '));
  return headers;
}
