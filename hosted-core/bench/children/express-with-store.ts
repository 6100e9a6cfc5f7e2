import { once } from 'node:events';
import type { Server } from 'node:http';
import { sqlSessionStore } from '@userref/sdk-core/stores/sql';
import { userref } from '@userref/sdk-express';
import express, { type Request, type Response } from 'express';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Serving, serve } from './serve.ts';

export interface ExpressWithStoreConfig {
  readonly port: number;
  readonly site: {
    readonly issuer: string;
    readonly site: string;
    readonly siteSecret: string;
    readonly webhookSecret: string;
    readonly sessionSecret: string;
    readonly baseUrl: string;
  };
  /** Of the store that the site's processes share. */
  readonly databaseUrl: string;
}

/** One of several processes of a site: says who is signed in, and takes webhooks. */
async function start({ port, site, databaseUrl }: ExpressWithStoreConfig): Promise<Serving<{ url: string }>> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 5 });
  const database = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  const app = express();
  app.use(userref({ ...site, revocations: sqlSessionStore({ database }) }));
  app.get('/', (request: Request, response: Response) => {
    response.json({ user: request.userref.user?.userRef ?? null });
  });
  const server: Server = app.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    ready: { url: `http://127.0.0.1:${port}` },
    async stop() {
      server.closeAllConnections();
      server.close();
      await database.destroy();
    },
  };
}

serve(start);
