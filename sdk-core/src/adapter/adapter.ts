import { createServices, type Userref, userrefOf } from '../create-userref.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { UserrefPaths } from '../options/options.ts';
import { resolveOptions } from '../options/resolve-options.ts';
import { isOfThisMachine } from '../options/web-address.ts';
import type { SessionCheck } from '../session/session-cookie.ts';
import { type AdapterOptions, splitOptions } from './adapter-options.ts';
import type { Answer } from './answer.ts';
import { errorAnswer } from './http/error-answer.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { type LinkedLogin, loginPath } from './login-path.ts';
import { backchannelLogoutRoute } from './routes/backchannel-logout-route.ts';
import { callbackRoute } from './routes/callback-route.ts';
import { loginRoute } from './routes/login-route.ts';
import { logoutRoute } from './routes/logout-route.ts';
import type { Route } from './routes/route.ts';
import { webhookRoute } from './routes/webhook-route.ts';
import { type AnswerError, Visit, type WriteCookies } from './visit.ts';

/** What a framework's SDK is made of: requests in, decisions and whole answers out. */
export interface Adapter {
  readonly userref: Userref;
  /** Whether the SDK answers at this address, whatever the method. `target` is path and query. */
  owns(target: string): boolean;
  /**
   * Answers a request to an address that the SDK owns: signs in and out, takes events. Errors of the SDK are
   * answers too; those of the site's hooks are thrown.
   */
  handle(incoming: IncomingRequest): Promise<Answer>;
  /**
   * Reads the session of any other request. A cookie that is of no use is cleared through `writeCookies`.
   * Answers without a promise where the cookie was opened before and the store knows at once.
   * @throws UserrefError `service_unavailable` when the store does not answer: never a visitor taken for signed in
   */
  beginVisit(incoming: IncomingRequest, writeCookies?: WriteCookies): Promise<Visit> | Visit;
  /** The answer to an error of the SDK: a page for people, a problem document for programs. */
  answerError(error: UserrefError, incoming: IncomingRequest): Answer;
  /** The address on this site that starts a login: for links, and for redirects where no cookie can be set. */
  loginPath(request?: LinkedLogin): string;
}

const ROUTES: Record<keyof UserrefPaths, Route> = {
  login: loginRoute,
  callback: callbackRoute,
  logout: logoutRoute,
  webhook: webhookRoute,
  backchannelLogout: backchannelLogoutRoute,
};
const nowhere: WriteCookies = () => undefined;

/** @throws UserrefError `config_invalid`, naming every option that is wrong */
export function createAdapter(options: AdapterOptions): Adapter {
  const { core, hooks, languages } = splitOptions(options);
  const resolved = resolveOptions(core);
  const services = createServices(resolved);
  const userref = userrefOf(services);
  const { site, baseUrl, paths } = userref;
  const isInDevelopment = resolved.isPreview || isOfThisMachine(new URL(baseUrl));
  const errorSite = { site, baseUrl, paths, languages, isInDevelopment };
  const answerError: AnswerError = (error, incoming) => errorAnswer(error, incoming, errorSite);
  const routes = new Map(
    Object.entries(ROUTES).map(([name, route]) => [paths[name as keyof UserrefPaths], route]),
  );
  return Object.freeze<Adapter>({
    userref,
    owns: (target) => routes.has(pathOf(target)),
    async handle(incoming) {
      try {
        const route = routeFor(incoming, routes);
        return await route.handle({ userref, incoming, hooks });
      } catch (error) {
        if (!(error instanceof UserrefError)) throw error;
        return withAllow(answerError(error, incoming), routes.get(pathOf(incoming.target)));
      }
    },
    beginVisit(incoming, writeCookies = nowhere) {
      const begin = ({ session, refusal }: SessionCheck) => {
        if (refusal !== null) writeCookies(userref.clearSession());
        return new Visit({ userref, incoming, session, writeCookies, answerError });
      };
      const check = services.sessionCookie.check(incoming.header('cookie'));
      // Promises of another realm are no `Promise` of ours.
      return 'then' in check ? check.then(begin) : begin(check);
    },
    answerError,
    loginPath: (request = {}) => loginPath(userref.paths, request),
  });
}

function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end < 0 ? target : target.slice(0, end);
}

function routeFor({ method, target }: IncomingRequest, routes: ReadonlyMap<string, Route>): Route {
  const route = routes.get(pathOf(target));
  if (route === undefined) throw new UserrefError('not_found');
  if (method !== route.method) throw new UserrefError('method_not_allowed');
  return route;
}

/** RFC 9110 §15.5.6: a 405 says which methods there are. */
function withAllow(answer: Answer, route: Route | undefined): Answer {
  if (answer.status !== 405 || route === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, Allow: route.method } };
}
