import type { ExpressUserrefOptions } from '../options.ts';
import type { Visit } from '../visit.ts';

/** One of the addresses that the SDK owns. */
export interface Route {
  readonly method: 'GET' | 'POST';
  handle(visit: Visit, options: Pick<ExpressUserrefOptions, 'onRevoked' | 'onPurge'>): Promise<void>;
}
