import { once } from 'node:events';
import type { Server } from 'node:http';
import { userref } from '@userref/sdk-express';
import express, { type Express, type Request, type Response } from 'express';
import { auth } from 'express-openid-connect';
import { type Serving, serve } from './serve.ts';

export interface ExpressAppConfig {
  readonly kind: 'bare' | 'userref' | 'express-openid-connect';
  readonly port: number;
  readonly issuer: string;
  readonly site: string;
  readonly siteSecret: string;
  readonly sessionSecret: string;
}

interface WithOidc {
  readonly oidc: { readonly user?: { readonly sub: string } };
}

/** Three times the same app, which says who is signed in; only where it knows that from differs. */
const KINDS: Record<ExpressAppConfig['kind'], (app: Express, config: ExpressAppConfig) => void> = {
  bare(app) {
    app.get('/', (_request: Request, response: Response) => {
      response.json({ user: 'somebody' });
    });
  },
  userref(app, { issuer, site, siteSecret, sessionSecret, port }) {
    app.use(userref({ issuer, site, siteSecret, sessionSecret, baseUrl: `http://localhost:${port}` }));
    app.get('/', (request: Request, response: Response) => {
      response.json({ user: request.userref.user?.userRef ?? null });
    });
  },
  'express-openid-connect'(app, { issuer, site, siteSecret, sessionSecret, port }) {
    app.use(
      auth({
        issuerBaseURL: issuer,
        baseURL: `http://localhost:${port}`,
        clientID: site,
        clientSecret: siteSecret,
        secret: sessionSecret,
        authRequired: false,
        idTokenSigningAlg: 'ES256',
        authorizationParams: { response_type: 'code', scope: 'openid' },
      }),
    );
    app.get('/', (request: Request, response: Response) => {
      response.json({ user: (request as unknown as WithOidc).oidc.user?.sub ?? null });
    });
  },
};

serve(async (config: ExpressAppConfig): Promise<Serving<{ url: string }>> => {
  const app = express();
  KINDS[config.kind](app, config);
  const server: Server = app.listen(config.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    ready: { url: `http://localhost:${config.port}` },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
});
