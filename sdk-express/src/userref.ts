import { createUserref, type Userref, UserrefError, type UserrefPaths } from '@userref/sdk-core';
import type { Request, RequestHandler, Response } from 'express';
import { sendError } from './http/send-error.ts';
import type { ExpressUserrefOptions } from './options.ts';
import { VisitorFacts } from './request-userref.ts';
import { VisitorActions } from './response-userref.ts';
import { backchannelLogoutRoute } from './routes/backchannel-logout-route.ts';
import { callbackRoute } from './routes/callback-route.ts';
import { loginRoute } from './routes/login-route.ts';
import { logoutRoute } from './routes/logout-route.ts';
import type { Route } from './routes/route.ts';
import { webhookRoute } from './routes/webhook-route.ts';
import { addCookies, beginVisit, type Visit } from './visit.ts';

const ROUTES: Record<keyof UserrefPaths, Route> = {
  login: loginRoute,
  callback: callbackRoute,
  logout: logoutRoute,
  webhook: webhookRoute,
  backchannelLogout: backchannelLogoutRoute,
};

/**
 * The one middleware of the SDK: `app.use(userref({...}))`, before body parsers and routes. It owns
 * `GET /userref/login`, `GET /userref/callback`, `POST /userref/logout`, `POST /userref/webhook` and
 * `POST /userref/backchannel-logout`, and gives every other request `req.userref` and `res.userref`.
 * @throws UserrefError `config_invalid` at once, naming every option that is wrong
 */
export function userref(options: ExpressUserrefOptions): RequestHandler {
  const { onRevoked, onPurge, ...coreOptions } = options;
  for (const [name, hook] of Object.entries({ onRevoked, onPurge })) {
    if (hook !== undefined && typeof hook !== 'function') {
      throw new UserrefError('config_invalid', { detail: `${name} must be a function` });
    }
  }
  const core = createUserref(coreOptions);
  const routes = new Map(
    Object.entries(ROUTES).map(([name, route]) => [core.paths[name as keyof UserrefPaths], route]),
  );
  const settings = { ...(onRevoked && { onRevoked }), ...(onPurge && { onPurge }) };
  return (request, response, next) => {
    const route = routes.get(pathOf(request));
    const work = route
      ? answer(route, { core, request, response, settings })
      : admit(core, request, response);
    work.then((isAnswered) => (isAnswered ? undefined : next()), next);
  };
}

/** The path as the browser asked for it, wherever the middleware is mounted. */
function pathOf({ originalUrl }: Request): string {
  const end = originalUrl.indexOf('?');
  return end < 0 ? originalUrl : originalUrl.slice(0, end);
}

interface Incoming {
  readonly core: Userref;
  readonly request: Request;
  readonly response: Response;
  readonly settings: Pick<ExpressUserrefOptions, 'onRevoked' | 'onPurge'>;
}

async function answer(route: Route, { core, request, response, settings }: Incoming): Promise<true> {
  const answering = { userref: core, request, response };
  try {
    if (request.method !== route.method) {
      response.set('Allow', route.method);
      throw new UserrefError('method_not_allowed');
    }
    const isEvent = route === webhookRoute || route === backchannelLogoutRoute;
    const session = isEvent ? null : await core.readSession(request.headers.cookie);
    await route.handle({ ...answering, session }, settings);
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    sendError(error, answering);
  }
  return true;
}

/** A store that is away means an error for those who bring a session, never a visitor taken for signed in. */
async function admit(core: Userref, request: Request, response: Response): Promise<boolean> {
  const visit: Visit = { userref: core, request, response, session: null };
  beginVisit(visit);
  request.userref = new VisitorFacts(visit);
  response.userref = new VisitorActions(visit);
  try {
    const { session, refusal } = await core.checkSession(request.headers.cookie);
    if (refusal !== null) addCookies(response, core.clearSession());
    visit.session = session;
    return false;
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    sendError(error, visit);
    return true;
  }
}
