import type { Userref } from '../../create-userref.ts';
import type { AdapterHooks } from '../adapter-options.ts';
import type { Answer } from '../answer.ts';
import type { IncomingRequest } from '../incoming-request.ts';

export interface RouteCall {
  readonly userref: Userref;
  readonly incoming: IncomingRequest;
  readonly hooks: AdapterHooks;
}

/** One of the addresses that the SDK owns. */
export interface Route {
  readonly method: 'GET' | 'POST';
  handle(call: RouteCall): Promise<Answer>;
}
