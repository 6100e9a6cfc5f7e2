import type { Session, Userref } from '@userref/sdk-core';
import { UserrefError } from '@userref/sdk-core';
import type { Request, Response } from 'express';

/** What the SDK knows about one request. */
export interface Visit {
  readonly userref: Userref;
  readonly request: Request;
  readonly response: Response;
  session: Session | null;
}

const visits = new WeakMap<object, Visit>();

export function beginVisit(visit: Visit): void {
  visits.set(visit.request, visit);
}

/** @throws UserrefError `config_invalid` when `userref()` did not see the request */
export function visitOf(request: Request): Visit {
  const visit = visits.get(request);
  if (visit) return visit;
  throw new UserrefError('config_invalid', {
    detail: 'app.use(userref({...})) must come before this route.',
  });
}

/** Adds cookies to the answer, unless it has left already. */
export function addCookies(response: Response, cookies: readonly string[]): void {
  if (!response.headersSent && cookies.length > 0) response.append('Set-Cookie', [...cookies]);
}
