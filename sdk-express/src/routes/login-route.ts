import { refusePrefetch } from '../http/prefetch.ts';
import { redirect } from '../http/redirect.ts';
import { addCookies } from '../visit.ts';
import type { Route } from './route.ts';

/** Starts a login for a link: of a page, or the core's (OpenID Connect Core §4). */
export const loginRoute: Route = {
  method: 'GET',
  async handle({ userref, request, response }) {
    if (refusePrefetch(request, response)) return;
    const { originalUrl: url, headers } = request;
    const started = await userref.startInitiatedLogin({ url, cookieHeader: headers.cookie });
    addCookies(response, started.setCookies);
    redirect(response, started.url);
  },
};
