import { UserrefError } from '../errors/userref-error.ts';
import type { UserrefOptions } from '../options/options.ts';
import type { PurgeEvent, PurgeResult } from './purge-event.ts';
import type { RevokedEvent } from './revoked-event.ts';

/** What a site may do when events arrive. */
export interface AdapterHooks {
  /**
   * Called once after a webhook has ended sessions, for instance to close live tabs. The sessions are
   * refused from then on whatever it does. When it throws, the error goes to the framework.
   */
  readonly onRevoked?: (event: RevokedEvent) => void | Promise<void>;
  /**
   * Called when a site must purge what it keeps: consent withdrawn or expired, person erased. May be called
   * again for one event. Resolving to `'purged'` confirms it to the core, and the person sees that; for work that
   * takes longer, resolve to nothing and call `confirmPurge(event.id)` when it is done.
   */
  readonly onPurge?: (event: PurgeEvent) => PurgeResult | Promise<PurgeResult>;
}

/** The options of a framework's SDK: those of `createUserref`, and the hooks. */
export interface AdapterOptions extends UserrefOptions, AdapterHooks {}

/** Parts the hooks from the options of the core. @throws UserrefError `config_invalid` */
export function splitOptions(options: AdapterOptions): { core: UserrefOptions; hooks: AdapterHooks } {
  const { onRevoked, onPurge, ...core } = options;
  for (const [name, hook] of Object.entries({ onRevoked, onPurge })) {
    if (hook !== undefined && typeof hook !== 'function') {
      throw new UserrefError('config_invalid', { detail: `${name} must be a function` });
    }
  }
  return { core, hooks: { ...(onRevoked && { onRevoked }), ...(onPurge && { onPurge }) } };
}
