import { UserrefError } from '@userref/sdk-core';
import type { Visit } from '@userref/sdk-core/adapter';
import type { Request } from 'express';
import type { RenderError } from './send-answer.ts';

/** On the request itself: a map on the side costs more than all the rest. */
const VISIT = Symbol('the visit of @userref/sdk-express');

/** A visit, and how the site shows errors of it. */
export interface KeptVisit {
  readonly visit: Visit;
  readonly renderError: RenderError | undefined;
}

interface Visited {
  [VISIT]?: KeptVisit;
}

export function keepVisit(request: Request, kept: KeptVisit): void {
  (request as Visited)[VISIT] = kept;
}

/** @throws UserrefError `config_invalid` when `userref()` did not see the request */
export function visitOf(request: Request): KeptVisit {
  const kept = (request as Visited)[VISIT];
  if (kept) return kept;
  throw new UserrefError('config_invalid', {
    detail: 'app.use(userref({...})) must come before this route.',
  });
}
