import { UserrefError } from '../../errors/userref-error.ts';
import { jsonAnswer, redirectTo } from '../answer.ts';
import { isPrefetch } from '../http/prefetch.ts';
import { refusedPrefetch } from '../http/refused-prefetch.ts';
import { isSameOrigin } from '../http/same-origin.ts';
import { wantsHtml } from '../http/wants-html.ts';
import type { Route } from './route.ts';

/** Signs out for a form of this site; a script gets the core's address to go to as `logout_url`. */
export const logoutRoute: Route = {
  method: 'POST',
  async handle({ userref, incoming }) {
    if (isPrefetch(incoming)) return refusedPrefetch;
    if (!isSameOrigin(incoming, userref.baseUrl)) throw new UserrefError('csrf_rejected');
    const { setCookies, logoutUrl } = await userref.endSession({ cookieHeader: incoming.header('cookie') });
    return wantsHtml(incoming)
      ? redirectTo(logoutUrl, setCookies)
      : jsonAnswer({ logout_url: logoutUrl }, setCookies);
  },
};
