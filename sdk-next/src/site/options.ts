import type { AdapterOptions, ErrorPage } from '@userref/sdk-core/adapter';

/**
 * Shows a page about an error in the site's own layout: a `Response` with HTML, or one that redirects to a page of the
 * site. Status (but that of a redirect), cookies and `Cache-Control` are the SDK's. A redirect to the very page that
 * failed is not followed: the plain page is shown.
 */
export type RenderError = (page: ErrorPage, request: Request) => Response | Promise<Response>;

/** Options of the SDK for Next.js: those of `@userref/sdk-core`, the hooks, and what follows. */
export interface NextUserrefOptions<Render = RenderError> extends AdapterOptions {
  /**
   * Paths that are for signed-in visitors, each with all below it, such as `/account`. `proxy` sends others to
   * sign in before anything renders. Pages call `requireUser()` all the same: a matcher is easily got wrong.
   * Default: none.
   */
  readonly protect?: readonly string[];
  /**
   * `basePath` of `next.config`, where it has one: the SDK's addresses begin with it, and pages are known without it in
   * `protect`. All other addresses are as browsers see them, with it: `paths`, `afterLogout`, `returnTo`. Default: none.
   */
  readonly basePath?: string;
  /** Where `useUser()` asks who is signed in. Default: `session` beside the path of `login`. */
  readonly sessionPath?: string;
  /**
   * Shows errors of the SDK to people in the site's own layout, instead of a plain page: at the SDK's addresses, in
   * `withUser()` and in the proxy. Programs get problem documents in any case.
   */
  readonly renderError?: Render;
}

/** Options as they may come from an environment: what is `undefined` is taken from the variables, see `fromEnvironment`. */
export type GivenOptions<Render = RenderError> = {
  readonly [Name in keyof NextUserrefOptions<Render>]?: NextUserrefOptions<Render>[Name] | undefined;
};

/** The options, or a function that gives them when the first request comes. */
export type OptionsSource<Render = RenderError> = GivenOptions<Render> | (() => GivenOptions<Render>);
