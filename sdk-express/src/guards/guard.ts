import type { Answer, Visit } from '@userref/sdk-core/adapter';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { type KeptVisit, visitOf } from '../current-visit.ts';
import { keepFromCaches, sendInTime } from '../send-answer.ts';

/**
 * Middleware that says nothing about parameters, query and body, so that the route behind it keeps the types of its
 * path: a plain `RequestHandler` would make `req.params.id` of `/orders/:id` a `string | string[] | undefined`.
 */
export type Guard = <Params, Answered, Body, Query, Locals extends Record<string, unknown>>(
  request: Request<Params, Answered, Body, Query, Locals>,
  response: Response<Answered, Locals>,
  next: NextFunction,
) => void;

/** Lets a visit pass (`null`) or answers it. */
export type Check = (visit: Visit) => Promise<Answer | null>;

interface Checked extends Pick<KeptVisit, 'renderError'> {
  readonly answer: Answer | null;
}

/** A route's middleware from a check; what is no error of the SDK goes to Express. */
export function guard(check: Check): Guard {
  const handler: RequestHandler = (request, response, next) => {
    run(check, request)
      .then(({ answer, renderError }) => {
        if (answer !== null) return sendInTime(answer, { request, response, next, renderError });
        keepFromCaches(response);
        next();
      })
      .catch(next);
  };
  return handler as Guard;
}

async function run(check: Check, request: Request): Promise<Checked> {
  const { visit, renderError } = visitOf(request);
  return { answer: await check(visit), renderError };
}
