import type { UserrefOptions } from '@userref/sdk-core';
import type { PurgeEvent, PurgeResult } from './purge-event.ts';
import type { RevokedEvent } from './revoked-event.ts';

export interface ExpressUserrefOptions extends UserrefOptions {
  /**
   * Called once after a webhook has ended sessions, for instance to close live tabs. The sessions are
   * refused from then on whatever it does. When it throws, the error goes to Express.
   */
  readonly onRevoked?: (event: RevokedEvent) => void | Promise<void>;
  /**
   * Called when a site must purge what it keeps: consent withdrawn or expired, person erased. May be called
   * again for one event. Resolving to `'purged'` confirms it to the core, and the person sees that; for work that
   * takes longer, resolve to nothing and call `confirmPurge(event.id)` of `@userref/sdk-core` when it is done.
   */
  readonly onPurge?: (event: PurgeEvent) => PurgeResult | Promise<PurgeResult>;
}
