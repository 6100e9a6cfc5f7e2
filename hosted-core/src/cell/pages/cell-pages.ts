import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import type { RenderErrorPage } from '../../http/http-server.ts';
import { accountRoutes, SIGNED_OUT_PATH } from './account-routes.ts';
import { PageCookies } from './cookies.ts';
import { CsrfTokens, refuseForeignPost } from './csrf.ts';
import { createErrorPage } from './error-page.ts';
import { interactionRoutes } from './interaction-routes.ts';
import type { PageDependencies } from './page-dependencies.ts';
import { type Operator, PageRenderer } from './page-renderer.ts';
import { assetRoutes } from './stylesheet.ts';
import { UPSTREAM_CALLBACK_PATH, upstreamRoutes } from './upstream-routes.ts';

export type { Operator } from './page-renderer.ts';

export interface CellPagesOptions extends Omit<PageDependencies, 'cookies' | 'csrf' | 'pages'> {
  /** Public address of the cell, without a slash at the end. */
  readonly cellUrl: string;
  /** 32 secret bytes, the same on every replica. */
  readonly csrfKey: Buffer;
  readonly operator: Operator;
}

/** Redirect addresses to register at the upstream for this cell. */
export function upstreamAddresses(cellUrl: string) {
  return {
    redirectUri: `${cellUrl}${UPSTREAM_CALLBACK_PATH}`,
    postLogoutRedirectUri: `${cellUrl}${SIGNED_OUT_PATH}`,
  };
}

export interface CellPages {
  /** Registers all routes of pages, in a scope of their own. */
  readonly register: (app: FastifyInstance) => Promise<void>;
  /** For `createHttpServer`, so that errors of page routes are pages. */
  readonly renderErrorPage: RenderErrorPage;
}

/** Everything that the cell shows to people. Forms only: any other content type is refused with 415. */
export function createCellPages({ cellUrl, csrfKey, operator, ...rest }: CellPagesOptions): CellPages {
  const cookies = new PageCookies(cellUrl);
  const pages = new PageRenderer({ operator, cookies });
  const deps: PageDependencies = { ...rest, cookies, pages, csrf: new CsrfTokens(csrfKey) };
  const origin = new URL(cellUrl).origin;

  async function routes(scope: FastifyInstance): Promise<void> {
    scope.removeAllContentTypeParsers();
    await scope.register(cookie);
    await scope.register(formbody, { bodyLimit: 16 * 1024 });
    scope.addHook('onRequest', async (request) => refuseForeignPost(request, origin));
    await scope.register(assetRoutes);
    await scope.register(interactionRoutes, deps);
    await scope.register(accountRoutes, deps);
    await scope.register(upstreamRoutes, { ...deps, cellUrl });
  }
  return {
    register: async (app) => {
      await app.register(routes);
    },
    renderErrorPage: createErrorPage(pages),
  };
}
