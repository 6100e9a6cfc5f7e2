import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { openOperator, type SamplePerson, startDevelopmentEnvironment } from '@userref/hosted-core';
import { ATTRIBUTES, PURPOSE } from './contract.ts';
import { type Serving, serve } from './serve.ts';

export interface CoreConfig {
  readonly dataDir: string;
  readonly ports: { readonly core: number; readonly cell: number; readonly signIn: number };
  readonly people: readonly SamplePerson[];
  readonly sites: readonly { readonly siteId: string; readonly redirectUri: string }[];
}

export interface RunningCore {
  readonly issuer: string;
  readonly cell: string;
  readonly adminDatabaseUrl: string;
  /** The PostgreSQL server's own log, with the application's name before each line. */
  readonly serverLog: string;
  readonly secrets: Readonly<Record<string, string>>;
}

serve(async (config: CoreConfig): Promise<Serving<RunningCore>> => {
  const environment = await startDevelopmentEnvironment({
    dataDir: config.dataDir,
    ports: config.ports,
    people: config.people,
    // As in production: a line a request.
    logLevel: 'info',
    logStream: createWriteStream(join(config.dataDir, 'core.log')),
    databaseSettings: { log_line_prefix: '%a|' },
  });
  const operator = openOperator(environment.settings);
  const secrets: Record<string, string> = {};
  for (const { siteId, redirectUri } of config.sites) {
    const registered = await operator.registerSite({
      siteId,
      redirectUris: [redirectUri],
      attributeScopes: ATTRIBUTES,
      purposes: [PURPOSE],
    });
    secrets[siteId] = registered.secret;
  }
  await operator.close();
  return {
    ready: {
      issuer: environment.settings.core.url,
      cell: environment.settings.cell.url,
      adminDatabaseUrl: environment.adminDatabaseUrl,
      serverLog: join(config.dataDir, 'database', 'postgres.log'),
      secrets,
    },
    stop: () => environment.stop(),
  };
});
