import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import express, { type Express } from 'express';
import { type Brand, type BrandId, brands } from './brands.ts';
import { friendlyErrors, sdkErrors } from './friendly-errors.ts';
import { answerSignedOut, createLiveTabs, type LiveTabs } from './live.ts';
import { login } from './login.ts';
import { createOrderBook } from './order-book.ts';
import { sameOriginForms, securityHeaders } from './page-protection.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { checkoutRoutes } from './routes/checkout.ts';
import { orderRoutes } from './routes/orders.ts';
import { openShopDatabase } from './shop-database.ts';
import { sqliteRevocationStore } from './sqlite-revocation-store.ts';
import { createPages } from './view-engine.ts';

export interface ShopOptions {
  /** Which of the two shops this is. */
  brand: BrandId;
  /** Port on 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Address that browsers use, without a slash at the end. Default: `http://localhost:{port}`. */
  baseUrl?: string;
  /** The hosted core's address, exactly as its discovery document says. */
  issuer: string;
  /** This shop's id at the core (`client_id`). */
  site: string;
  siteSecret: string;
  /** `whsec_…`; signs the webhooks that end sessions. */
  webhookSecret: string;
  /** Seals the session cookie; at least 32 characters. */
  sessionSecret: string;
  /** SQLite file, or `:memory:`. */
  databaseFile: string;
  /** Request log without query strings. Default: none. */
  logFile?: string;
  /** Told about defects of the shop itself. Default: one line on stderr, without the message. */
  onUnexpectedError?: (error: unknown) => void;
}

export interface Shop {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one shop and resolves when it listens. */
export async function createShop(options: ShopOptions): Promise<Shop> {
  const server = createServer();
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const url = options.baseUrl ?? `http://localhost:${(server.address() as AddressInfo).port}`;

  const database = openShopDatabase(options.databaseFile);
  const tabs = createLiveTabs();
  const log = createRequestLog(options.logFile);
  server.on('request', createApp({ options, url, database, tabs, log }));

  return {
    url,
    async close() {
      tabs.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await log.close();
      database.close();
    },
  };
}

interface Parts {
  readonly options: ShopOptions;
  readonly url: string;
  readonly database: DatabaseSync;
  readonly tabs: LiveTabs;
  readonly log: RequestLog;
}

function createApp({ options, url, database, tabs, log }: Parts): Express {
  const brand: Brand = brands[options.brand];
  const render = createPages(brand);
  const orders = createOrderBook(database, { prefix: brand.orderPrefix });
  const app = express().disable('x-powered-by');

  app.use(log.handler);
  app.use(securityHeaders({ issuer: options.issuer }));
  app.use('/static', express.static(join(import.meta.dirname, 'static'), { index: false }));
  const { issuer, site, siteSecret, webhookSecret, sessionSecret } = options;
  const secrets = { siteSecret, webhookSecret, sessionSecret };
  const revocations = sqliteRevocationStore(database);
  const settings = { issuer, site, ...secrets, baseUrl: url, revocations };
  app.use(login({ ...settings, onEnded: tabs.end, renderError: sdkErrors({ render }) }));
  app.use(sameOriginForms({ baseUrl: url }));
  app.use(catalogueRoutes({ brand, render }));
  app.use(checkoutRoutes({ brand, orders, render }));
  app.use(orderRoutes({ database, orders, render }));
  app.get('/live', (req, res) => {
    if (req.userref.user) tabs.open(res, req.userref.user);
    else answerSignedOut(res);
  });
  app.use((req, res) =>
    render(req, res, {
      view: 'notice',
      title: 'Page not found',
      status: 404,
      data: { message: 'Nothing is kept here.' },
    }),
  );
  app.use(friendlyErrors({ render, onUnexpected: options.onUnexpectedError ?? noteUnexpected }));
  return app;
}

// The message may carry whatever a library put into it, so only the kind of error is noted.
function noteUnexpected(error: unknown): void {
  process.stderr.write(`shop: unexpected ${error instanceof Error ? error.name : typeof error}\n`);
}
