import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { userref, userrefErrors } from '@userref/sdk-express';
import express from 'express';

/** A site of a dozen lines, with the settings that `userref dev` wrote. */
export async function startEmulatorSite(
  folder: string,
  { onEvent, previewOrigin }: { onEvent?: (type: string) => void; previewOrigin?: string } = {},
) {
  const env = parseEnv(readFileSync(join(folder, '.env.local'), 'utf8')) as Record<string, string>;
  const setting = (name: string) => env[`USERREF_${name}`] ?? '';
  const app = express();
  app.use(
    userref({
      issuer: setting('ISSUER'),
      site: setting('SITE'),
      siteSecret: setting('SITE_SECRET'),
      baseUrl: setting('BASE_URL'),
      previewOrigin,
      sessionSecret: setting('SESSION_SECRET'),
      webhookSecret: setting('WEBHOOK_SECRET'),
      onRevoked: ({ sid }) => onEvent?.(sid === null ? 'access' : 'session'),
    }),
  );
  app.get('/', (request, response) => void response.send(request.userref.user?.userRef ?? 'nobody'));
  app.use(userrefErrors());
  const server = await new Promise<Server>((done) => {
    const listening = app.listen(Number(new URL(setting('BASE_URL')).port), '127.0.0.1', () =>
      done(listening),
    );
  });
  return {
    url: setting('BASE_URL'),
    env,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
