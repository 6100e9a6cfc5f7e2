import { UserrefError } from '@userref/sdk-core';
import { type Adapter, type AdapterOptions, createAdapter, type Visit } from '@userref/sdk-core/adapter';
import { LANGUAGES } from '@userref/sdk-core/languages';
import type { RequestHandler } from 'express';
import { keepVisit } from './current-visit.ts';
import { ExpressRequest } from './express-request.ts';
import { VisitorFacts } from './request-userref.ts';
import { VisitorActions } from './response-userref.ts';
import { addCookies, type Exchange, type RenderError, sendInTime } from './send-answer.ts';

/** The options of `@userref/sdk-core`, what to do when sessions end or data must go, and how errors look. */
export interface ExpressUserrefOptions extends AdapterOptions {
  /**
   * Shows errors of the SDK to people in the site's own layout, instead of a plain page. Programs get problem
   * documents in any case. `req.userref` is there where a route met the error, and not at the SDK's own addresses.
   */
  readonly renderError?: RenderError;
}

/**
 * The one middleware of the SDK: `app.use(userref({...}))`, before body parsers and routes. It owns
 * `GET /userref/login`, `GET /userref/callback`, `POST /userref/logout`, `POST /userref/webhook` and
 * `POST /userref/backchannel-logout`, and gives every other request `req.userref` and `res.userref`.
 * @throws UserrefError `config_invalid` at once, naming every option that is wrong
 */
export function userref({ renderError, ...options }: ExpressUserrefOptions): RequestHandler {
  if (renderError !== undefined && typeof renderError !== 'function') {
    throw new UserrefError('config_invalid', { detail: 'renderError must be a function' });
  }
  const adapter = createAdapter({ ...options, languages: options.languages ?? LANGUAGES });
  return (request, response, next) => {
    const exchange = { request, response, next, renderError };
    const incoming = new ExpressRequest(request);
    if (adapter.owns(incoming.target)) {
      adapter
        .handle(incoming)
        .then((answer) => sendInTime(answer, exchange))
        .catch(next);
    } else begin(adapter, incoming, exchange);
  };
}

/** Without a promise wherever that is possible, and with little to clear away: at this place every request waits. */
function begin(adapter: Adapter, incoming: ExpressRequest, exchange: Exchange): void {
  let visit: Visit | Promise<Visit>;
  try {
    visit = adapter.beginVisit(incoming, (cookies) => addCookies(exchange.response, cookies));
  } catch (error) {
    refuse(adapter, error, { incoming, exchange });
    return;
  }
  if (!('then' in visit)) admit(visit, exchange);
  else {
    visit
      .then(
        (begun) => admit(begun, exchange),
        (error) => refuse(adapter, error, { incoming, exchange }),
      )
      .catch(exchange.next);
  }
}

function admit(visit: Visit, exchange: Exchange): void {
  const { request, response, next, renderError } = exchange;
  keepVisit(request, { visit, renderError });
  request.userref = new VisitorFacts(visit, response);
  response.userref = new VisitorActions(visit, exchange);
  next();
}

interface Refused {
  readonly incoming: ExpressRequest;
  readonly exchange: Exchange;
}

function refuse(adapter: Adapter, error: unknown, { incoming, exchange }: Refused): void {
  if (error instanceof UserrefError) sendInTime(adapter.answerError(error, incoming), exchange);
  else exchange.next(error);
}
