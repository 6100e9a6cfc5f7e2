import { UserrefError } from '@userref/sdk-core';
import { refusePrefetch } from '../http/prefetch.ts';
import { redirect } from '../http/redirect.ts';
import { isSameOrigin } from '../http/same-origin.ts';
import { wantsHtml } from '../http/wants-html.ts';
import { addCookies } from '../visit.ts';
import type { Route } from './route.ts';

/** Signs out for a form of this site; a script gets the core's address to go to as `logout_url`. */
export const logoutRoute: Route = {
  method: 'POST',
  async handle({ userref, request, response }) {
    if (refusePrefetch(request, response)) return;
    if (!isSameOrigin(request, userref.baseUrl)) throw new UserrefError('csrf_rejected');
    const { setCookies, logoutUrl } = await userref.endSession({ cookieHeader: request.headers.cookie });
    addCookies(response, setCookies);
    if (wantsHtml(request)) return redirect(response, logoutUrl);
    response.set('Cache-Control', 'no-store').json({ logout_url: logoutUrl });
  },
};
