import { UserrefError } from '../errors/userref-error.ts';
import { en } from '../generated/languages/en.ts';
import type { VisitorLanguage } from '../generated/visitor-texts.ts';
import type { UserrefOptions } from '../options/options.ts';
import type { PurgeEvent, PurgeResult } from './purge-event.ts';
import type { RevokedEvent } from './revoked-event.ts';

/** What a site may do when events arrive. */
export interface AdapterHooks {
  /**
   * Called once after a webhook has ended sessions, for instance to close live tabs. The sessions are
   * refused from then on whatever it does. When it throws, the error goes to the framework.
   */
  readonly onRevoked?: ((event: RevokedEvent) => void | Promise<void>) | undefined;
  /**
   * Called when a site must purge what it keeps: consent withdrawn or expired, person erased. May be called
   * again for one event. Resolving to `'purged'` confirms it to the core, and the person sees that; for work that
   * takes longer, resolve to nothing and call `confirmPurge(event.id)` when it is done.
   */
  readonly onPurge?: ((event: PurgeEvent) => PurgeResult | Promise<PurgeResult>) | undefined;
}

/** The options of a framework's SDK: those of `createUserref`, the hooks, and how it speaks to visitors. */
export interface AdapterOptions extends UserrefOptions, AdapterHooks {
  /**
   * Languages of `@userref/sdk-core/languages` in which pages about errors speak to visitors, by `Accept-Language`;
   * the first to everybody else. Default: English here, all of them in the SDKs for Express and Next.js.
   */
  readonly languages?: readonly VisitorLanguage[] | undefined;
}

interface SplitOptions {
  readonly core: UserrefOptions;
  readonly hooks: AdapterHooks;
  readonly languages: Languages;
}

/** At least one. */
export type Languages = readonly [VisitorLanguage, ...VisitorLanguage[]];

/** Parts what is the adapter's from the options of the core. @throws UserrefError `config_invalid` */
export function splitOptions(options: AdapterOptions): SplitOptions {
  const { onRevoked, onPurge, languages = [en], ...core } = options;
  for (const [name, hook] of Object.entries({ onRevoked, onPurge })) {
    if (hook !== undefined && typeof hook !== 'function') {
      throw new UserrefError('config_invalid', { detail: `${name} must be a function` });
    }
  }
  if (!isLanguages(languages)) {
    const detail = 'languages must be a list of what @userref/sdk-core/languages has';
    throw new UserrefError('config_invalid', { detail });
  }
  return { core, languages, hooks: { ...(onRevoked && { onRevoked }), ...(onPurge && { onPurge }) } };
}

function isLanguages(value: unknown): value is Languages {
  return Array.isArray(value) && value.length > 0 && value.every((language) => language?.texts?.general);
}
