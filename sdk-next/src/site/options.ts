import type { AdapterOptions } from '@userref/sdk-core/adapter';

/** Options of the SDK for Next.js: those of `@userref/sdk-core`, the hooks, and what follows. */
export interface NextUserrefOptions extends AdapterOptions {
  /**
   * Paths that are for signed-in visitors, each with all below it, such as `/account`. `proxy` sends others to
   * sign in before anything renders. Pages call `requireUser()` all the same: a matcher is easily got wrong.
   * Default: none.
   */
  readonly protect?: readonly string[];
  /** Where `useUser()` asks who is signed in. Default: `session` beside the path of `login`. */
  readonly sessionPath?: string;
}

/** Options as they may come from an environment: what is `undefined` is taken from the variables, see `fromEnvironment`. */
export type GivenOptions = {
  readonly [Name in keyof NextUserrefOptions]?: NextUserrefOptions[Name] | undefined;
};

/** The options, or a function that gives them when the first request comes. */
export type OptionsSource = GivenOptions | (() => GivenOptions);
