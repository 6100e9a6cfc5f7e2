import { UserrefError } from '@userref/sdk-core';
import { incomingOf, toResponse } from '@userref/sdk-core/adapter';
import type { LazySite } from '../site/site.ts';
import { answerOwned } from './answer-owned.ts';

/** For `app/userref/[...userref]/route.ts`: `export const { GET, POST } = userref.handlers`. */
export interface Handlers {
  GET(request: Request): Promise<Response>;
  POST(request: Request): Promise<Response>;
}

export function createHandlers(site: LazySite): Handlers {
  const answer = async (request: Request): Promise<Response> => {
    const incoming = incomingOf(request);
    const current = site();
    try {
      return toResponse(await answerOwned(current, incoming));
    } catch (error) {
      if (!(error instanceof UserrefError)) throw error;
      return toResponse(current.adapter.answerError(error, incoming));
    }
  };
  return Object.freeze({ GET: answer, POST: answer });
}
