import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import type { RenderErrorPage } from '../../http/http-server.ts';
import { SecretBox } from '../../secrets/secret-box.ts';
import { TenantCatalogue } from '../attributes/tenant-catalogue.ts';
import { ReceiptKeys } from '../consent/receipt-keys.ts';
import { accountRoutes } from './account-routes.ts';
import { activityRoutes } from './activity-routes.ts';
import { PageCookies } from './cookies.ts';
import { CsrfTokens, refuseForeignPost } from './csrf.ts';
import { createErrorPage } from './error-page.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { ownDataRoutes } from './own-data-routes.ts';
import type { PageDependencies } from './page-dependencies.ts';
import { type Operator, PageRenderer } from './page-renderer.ts';
import { receiptRoutes } from './receipt-routes.ts';
import { securityRoutes } from './security-routes.ts';
import { sharingRoutes } from './sharing-routes.ts';
import { SIGNED_OUT_PATH } from './sign-out.ts';
import { assetRoutes } from './stylesheet.ts';
import { UPSTREAM_CALLBACK_PATH, upstreamRoutes } from './upstream-routes.ts';
import { valueRoutes } from './value-routes.ts';

export type { Operator } from './page-renderer.ts';

export interface CellPagesOptions
  extends Omit<PageDependencies, 'cookies' | 'csrf' | 'pages' | 'catalogue' | 'receiptKeys' | 'operator'> {
  /** 32 secret bytes, the same on every replica. */
  readonly csrfKey: Buffer;
  /** 32 secret bytes, the same on every replica; seals the keys of receipts. */
  readonly receiptSecret: Buffer;
  readonly operator: Operator;
  /** In `test` every page says so. Default `live`. */
  readonly mode?: 'live' | 'test' | undefined;
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
export function createCellPages({ csrfKey, receiptSecret, ...rest }: CellPagesOptions): CellPages {
  const { cellUrl, operator, mode, database, tenantId, vault } = rest;
  const cookies = new PageCookies(cellUrl);
  const pages = new PageRenderer({ operator, cookies, mode });
  const deps: PageDependencies = {
    ...rest,
    cookies,
    pages,
    csrf: new CsrfTokens(csrfKey),
    catalogue: new TenantCatalogue({ ...rest, catalogue: vault.catalogue }),
    receiptKeys: new ReceiptKeys({ database, tenantId, secrets: new SecretBox(receiptSecret) }),
  };
  const origin = new URL(cellUrl).origin;

  async function routes(scope: FastifyInstance): Promise<void> {
    scope.removeAllContentTypeParsers();
    await scope.register(cookie);
    await scope.register(formbody, { bodyLimit: 16 * 1024 });
    scope.addHook('onRequest', async (request) => refuseForeignPost(request, origin));
    scope.addHook('preHandler', () => deps.catalogue.refresh());
    await scope.register(assetRoutes);
    await scope.register(interactionRoutes, deps);
    await scope.register(accountRoutes, deps);
    await scope.register(sharingRoutes, deps);
    await scope.register(activityRoutes, deps);
    await scope.register(receiptRoutes, deps);
    await scope.register(securityRoutes, deps);
    await scope.register(valueRoutes, deps);
    await scope.register(ownDataRoutes, deps);
    await scope.register(upstreamRoutes, deps);
  }
  return {
    register: async (app) => {
      await app.register(routes);
    },
    renderErrorPage: createErrorPage(pages),
  };
}
