import { UserrefError } from '@userref/sdk-core';
import {
  type Adapter,
  type AdapterOptions,
  type Answer,
  createAdapter,
  type Visit,
} from '@userref/sdk-core/adapter';
import { LANGUAGES } from '@userref/sdk-core/languages';
import type { RequestHandler, Response } from 'express';
import { keepVisit } from './current-visit.ts';
import { ExpressRequest } from './express-request.ts';
import { VisitorFacts } from './request-userref.ts';
import { VisitorActions } from './response-userref.ts';
import { addCookies, type RenderError, sendAnswer } from './send-answer.ts';

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
    const incoming = new ExpressRequest(request);
    const send = (answer: Answer) => sendAnswer(answer, { request, response, next, renderError });
    if (adapter.owns(incoming.target)) {
      adapter.handle(incoming).then(send).catch(next);
      return;
    }
    const refuse = (error: unknown) => {
      if (!(error instanceof UserrefError)) return next(error);
      send(adapter.answerError(error, incoming));
    };
    const admit = (visit: Visit) => {
      keepVisit(request, { visit, renderError });
      request.userref = new VisitorFacts(visit);
      response.userref = new VisitorActions(visit, { request, response, next, renderError });
      next();
    };
    begin(adapter, { incoming, response, admit, refuse });
  };
}

interface Beginning {
  readonly incoming: ExpressRequest;
  readonly response: Response;
  readonly admit: (visit: Visit) => void;
  readonly refuse: (error: unknown) => void;
}

/** Without a promise wherever that is possible: at this place every request waits. */
function begin(adapter: Adapter, { incoming, response, admit, refuse }: Beginning): void {
  let visit: Visit | Promise<Visit>;
  try {
    visit = adapter.beginVisit(incoming, (cookies) => addCookies(response, cookies));
  } catch (error) {
    refuse(error);
    return;
  }
  if ('then' in visit) visit.then(admit, refuse);
  else admit(visit);
}
