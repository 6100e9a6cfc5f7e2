import { UserrefError } from '@userref/sdk-core';
import { type Adapter, type AdapterOptions, type Answer, createAdapter } from '@userref/sdk-core/adapter';
import type { Request, RequestHandler, Response } from 'express';
import { keepVisit } from './current-visit.ts';
import { ExpressRequest } from './express-request.ts';
import { VisitorFacts } from './request-userref.ts';
import { VisitorActions } from './response-userref.ts';
import { addCookies, sendAnswer } from './send-answer.ts';

/** The options of `@userref/sdk-core`, and what to do when sessions end or data must go. */
export interface ExpressUserrefOptions extends AdapterOptions {}

/**
 * The one middleware of the SDK: `app.use(userref({...}))`, before body parsers and routes. It owns
 * `GET /userref/login`, `GET /userref/callback`, `POST /userref/logout`, `POST /userref/webhook` and
 * `POST /userref/backchannel-logout`, and gives every other request `req.userref` and `res.userref`.
 * @throws UserrefError `config_invalid` at once, naming every option that is wrong
 */
export function userref(options: ExpressUserrefOptions): RequestHandler {
  const adapter = createAdapter(options);
  return (request, response, next) => {
    const incoming = new ExpressRequest(request);
    const work = adapter.owns(incoming.target)
      ? adapter.handle(incoming)
      : admit(adapter, incoming, { request, response });
    work.then((answer) => (answer ? sendAnswer(answer, response) : next()), next);
  };
}

/** Gives the request its visit, or the answer when the store is away. */
async function admit(
  adapter: Adapter,
  incoming: ExpressRequest,
  { request, response }: { readonly request: Request; readonly response: Response },
): Promise<Answer | null> {
  try {
    const visit = await adapter.beginVisit(incoming, (cookies) => addCookies(response, cookies));
    keepVisit(request, visit);
    request.userref = new VisitorFacts(visit);
    response.userref = new VisitorActions(visit, response);
    return null;
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    return adapter.answerError(error, incoming);
  }
}
