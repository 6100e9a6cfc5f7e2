import { UserrefError } from '@userref/sdk-core';
import type { Visit } from '@userref/sdk-core/adapter';
import type { Request } from 'express';

const visits = new WeakMap<object, Visit>();

export function keepVisit(request: Request, visit: Visit): void {
  visits.set(request, visit);
}

/** @throws UserrefError `config_invalid` when `userref()` did not see the request */
export function visitOf(request: Request): Visit {
  const visit = visits.get(request);
  if (visit) return visit;
  throw new UserrefError('config_invalid', {
    detail: 'app.use(userref({...})) must come before this route.',
  });
}
