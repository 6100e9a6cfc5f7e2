import { UserrefError } from '@userref/sdk-core';
import { incomingOf } from '@userref/sdk-core/adapter';
import type { RenderError } from '../site/options.ts';
import type { LazySite } from '../site/site.ts';
import { answerOwned } from './answer-owned.ts';
import { responseTo } from './response-to.ts';

/** For `app/userref/[...userref]/route.ts`: `export const { GET, POST } = userref.handlers`. */
export interface Handlers {
  GET(request: Request): Promise<Response>;
  POST(request: Request): Promise<Response>;
}

export function createHandlers(site: LazySite<RenderError>): Handlers {
  const handle = async (request: Request): Promise<Response> => {
    const incoming = incomingOf(request);
    const current = site();
    const answer = await answerOwned(current, incoming).catch((error: unknown) => {
      if (!(error instanceof UserrefError)) throw error;
      return current.adapter.answerError(error, incoming);
    });
    return responseTo(answer, { request, renderError: current.renderError });
  };
  return Object.freeze({ GET: handle, POST: handle });
}
