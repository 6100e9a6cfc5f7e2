import { UserrefError } from '@userref/sdk-core';
import type { RequestHandler } from 'express';
import { sendError } from '../http/send-error.ts';
import { type Visit, visitOf } from '../visit.ts';

/** Lets a request pass (`true`) or answers it. */
export type Check = (visit: Visit) => Promise<boolean>;

/** A route's middleware from a check; errors of the SDK are answered, others go to Express. */
export function guard(check: Check): RequestHandler {
  return (request, _response, next) => {
    runCheck(check, request).then((passes) => (passes ? next() : undefined), next);
  };
}

async function runCheck(check: Check, request: Parameters<RequestHandler>[0]): Promise<boolean> {
  const visit = visitOf(request);
  try {
    return await check(visit);
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    sendError(error, visit);
    return false;
  }
}
