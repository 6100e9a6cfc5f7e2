import type { Answer, Visit } from '@userref/sdk-core/adapter';
import type { Request, RequestHandler } from 'express';
import { visitOf } from '../current-visit.ts';
import { sendAnswer } from '../send-answer.ts';

/** Lets a visit pass (`null`) or answers it. */
export type Check = (visit: Visit) => Promise<Answer | null>;

/** A route's middleware from a check; what is no error of the SDK goes to Express. */
export function guard(check: Check): RequestHandler {
  return (request, response, next) => {
    run(check, request).then((answer) => (answer ? sendAnswer(answer, response) : next()), next);
  };
}

async function run(check: Check, request: Request): Promise<Answer | null> {
  return check(visitOf(request));
}
