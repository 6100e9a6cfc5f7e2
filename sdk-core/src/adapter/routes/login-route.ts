import { redirectTo } from '../answer.ts';
import { isPrefetch } from '../http/prefetch.ts';
import { refusedPrefetch } from '../http/refused-prefetch.ts';
import type { Route } from './route.ts';

/** Starts a login for a link: of a page, or the core's (OpenID Connect Core §4). */
export const loginRoute: Route = {
  method: 'GET',
  async handle({ userref, incoming }) {
    if (isPrefetch(incoming)) return refusedPrefetch;
    const cookieHeader = incoming.header('cookie');
    const { url, setCookies } = await userref.startInitiatedLogin({ url: incoming.target, cookieHeader });
    return redirectTo(url, setCookies);
  },
};
