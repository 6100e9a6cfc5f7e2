import { LoginFailedError } from '@userref/sdk-core';
import { refusePrefetch } from '../http/prefetch.ts';
import { redirect } from '../http/redirect.ts';
import { addCookies, type Visit } from '../visit.ts';
import type { Route } from './route.ts';

/** Where the browser comes back from the core. */
export const callbackRoute: Route = {
  method: 'GET',
  async handle(visit) {
    const { userref, request, response } = visit;
    if (refusePrefetch(request, response)) return;
    try {
      const { originalUrl: url, headers } = request;
      const { returnTo, setCookies } = await userref.finishLogin({ url, cookieHeader: headers.cookie });
      addCookies(response, setCookies);
      redirect(response, returnTo);
    } catch (error) {
      if (!(error instanceof LoginFailedError)) throw error;
      addCookies(response, error.setCookies);
      await recover(error, visit);
    }
  },
};

/** What needs no error page: a login that took too long, one that was finished already, a "no" to sharing. */
async function recover(error: LoginFailedError, visit: Visit): Promise<void> {
  const { userref, request, response, session } = visit;
  if (error.code === 'login_expired') {
    const cookieHeader = request.headers.cookie;
    const again = await userref.startLogin({ returnTo: error.returnTo, cookieHeader, startedBy: 'page' });
    addCookies(response, again.setCookies);
    return redirect(response, again.url);
  }
  const wentBack =
    error.code === 'login_state_missing' || (error.code === 'login_denied' && !error.isTransient);
  if (session !== null && wentBack) return redirect(response, error.returnTo ?? '/');
  throw error;
}
