import { LoginFailedError } from '../../errors/login-failed-error.ts';
import { type Answer, redirectTo } from '../answer.ts';
import { isPrefetch } from '../http/prefetch.ts';
import { refusedPrefetch } from '../http/refused-prefetch.ts';
import type { Route, RouteCall } from './route.ts';

/** Where the browser comes back from the core. */
export const callbackRoute: Route = {
  method: 'GET',
  async handle(call) {
    const { userref, incoming } = call;
    if (isPrefetch(incoming)) return refusedPrefetch;
    const cookieHeader = incoming.header('cookie');
    try {
      const { returnTo, setCookies } = await userref.finishLogin({ url: incoming.target, cookieHeader });
      return redirectTo(returnTo, setCookies);
    } catch (error) {
      if (!(error instanceof LoginFailedError)) throw error;
      return recover(error, call);
    }
  },
};

/** What needs no error page: a login that took too long, one that was finished already, a "no" to sharing. */
async function recover(error: LoginFailedError, { userref, incoming }: RouteCall): Promise<Answer> {
  const cookieHeader = incoming.header('cookie');
  if (error.code === 'login_expired') {
    const again = await userref.startLogin({ returnTo: error.returnTo, cookieHeader, startedBy: 'page' });
    return redirectTo(again.url, [...error.setCookies, ...again.setCookies]);
  }
  const wentBack =
    error.code === 'login_state_missing' || (error.code === 'login_denied' && !error.isTransient);
  if (!wentBack || (await userref.readSession(cookieHeader)) === null) throw error;
  return redirectTo(error.returnTo ?? '/', error.setCookies);
}
