import { type Answer, headersOfSitePage, toResponse } from '@userref/sdk-core/adapter';
import type { RenderError } from '../site/options.ts';

interface Exchange {
  readonly request: Request;
  readonly renderError: RenderError | undefined;
}

/** The answer as a `Response`; of one about an error the page is the site's where it has one. */
export async function responseTo(answer: Answer, { request, renderError }: Exchange): Promise<Response> {
  if (answer.page === undefined || renderError === undefined) return toResponse(answer);
  const own = await renderError(answer.page, request);
  return leadsBack(own, request) ? toResponse(answer) : pageOfSite(own, answer);
}

/** The site's page, with what must not get lost: status, cookies, and that nobody keeps it. */
function pageOfSite(own: Response, answer: Answer): Response {
  const headers = new Headers(headersOfSitePage(answer));
  for (const [name, value] of own.headers) {
    if (name === 'set-cookie') headers.append(name, value);
    else headers.set(name, value);
  }
  headers.set('Cache-Control', 'no-store');
  for (const cookie of answer.setCookies) headers.append('Set-Cookie', cookie);
  return new Response(own.body, { status: isRedirect(own) ? own.status : answer.status, headers });
}

/** While a page fails wherever it is asked for, a redirect to it would have no end. */
function leadsBack(own: Response, { url }: Request): boolean {
  const location = own.headers.get('location');
  if (!isRedirect(own) || location === null) return false;
  return new URL(location, url).pathname === new URL(url).pathname;
}

function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400;
}
