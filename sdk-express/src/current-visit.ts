import { UserrefError } from '@userref/sdk-core';
import type { Visit } from '@userref/sdk-core/adapter';
import type { Request } from 'express';

/** On the request itself: a map on the side costs more than all the rest. */
const VISIT = Symbol('the visit of @userref/sdk-express');

interface Visited {
  [VISIT]?: Visit;
}

export function keepVisit(request: Request, visit: Visit): void {
  (request as Visited)[VISIT] = visit;
}

/** @throws UserrefError `config_invalid` when `userref()` did not see the request */
export function visitOf(request: Request): Visit {
  const visit = (request as Visited)[VISIT];
  if (visit) return visit;
  throw new UserrefError('config_invalid', {
    detail: 'app.use(userref({...})) must come before this route.',
  });
}
