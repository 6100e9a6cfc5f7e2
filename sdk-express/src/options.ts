import type { UserrefOptions } from '@userref/sdk-core';
import type { RevokedEvent } from './revoked-event.ts';

export interface ExpressUserrefOptions extends UserrefOptions {
  /**
   * Called once after a webhook has ended sessions, for instance to close live tabs. The sessions are
   * refused from then on whatever it does. When it throws, the error goes to Express.
   */
  readonly onRevoked?: (event: RevokedEvent) => void | Promise<void>;
}
