import type { Answer, Visit } from '@userref/sdk-core/adapter';
import type { Request, RequestHandler } from 'express';
import { type KeptVisit, visitOf } from '../current-visit.ts';
import { keepFromCaches, sendInTime } from '../send-answer.ts';

/** Lets a visit pass (`null`) or answers it. */
export type Check = (visit: Visit) => Promise<Answer | null>;

interface Checked extends Pick<KeptVisit, 'renderError'> {
  readonly answer: Answer | null;
}

/** A route's middleware from a check; what is no error of the SDK goes to Express. */
export function guard(check: Check): RequestHandler {
  return (request, response, next) => {
    run(check, request)
      .then(({ answer, renderError }) => {
        if (answer !== null) return sendInTime(answer, { request, response, next, renderError });
        keepFromCaches(response);
        next();
      })
      .catch(next);
  };
}

async function run(check: Check, request: Request): Promise<Checked> {
  const { visit, renderError } = visitOf(request);
  return { answer: await check(visit), renderError };
}
