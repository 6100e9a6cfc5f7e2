import type { FastifyInstance } from 'fastify';
import type { KeyServiceSettings } from '../config/settings.ts';
import { ATTRIBUTE_CATALOGUE } from '../contract/generated.ts';
import { Database } from '../database/database.ts';
import { healthRoutes } from '../http/health-routes.ts';
import { createHttpServer } from '../http/http-server.ts';
import { startWorker } from '../jobs/worker.ts';
import type { Logger } from '../observability/logger.ts';
import { createOutboundFetch } from '../outbound/outbound-fetch.ts';
import type { CoreGateway } from '../wall/core-gateway.ts';
import type { RegionCell } from '../wall/region-cell.ts';
import { attributeRoutes } from './attributes/attribute-routes.ts';
import { OwnAttributes } from './attributes/own-attributes.ts';
import { ReadAudit } from './attributes/read-audit.ts';
import { ReleaseAttributes } from './attributes/release-attributes.ts';
import { cellTasks, scheduleHousekeeping } from './housekeeping.ts';
import { LocalRegionCell } from './local-region-cell.ts';
import { createCellPages, type Operator, upstreamAddresses } from './pages/cell-pages.ts';
import { UpstreamClient } from './upstream/upstream-client.ts';
import { UpstreamSignIn } from './upstream/upstream-sign-in.ts';
import { openVault } from './vault/open-vault.ts';

export interface CellOptions {
  /** As `cell_app`. */
  readonly databaseUrl: string;
  /** Public address without a slash at the end; also the audience of its access tokens. */
  readonly url: string;
  readonly region: string;
  readonly tenantId: string;
  /** Issuer of the tokens that are accepted here: the core. */
  readonly coreIssuer: string;
  /** Root key of the vault. */
  readonly keyService: KeyServiceSettings;
  readonly upstream: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  readonly operator: Operator;
  /** 32 secret bytes, the same on every replica. */
  readonly csrfKey: Buffer;
  readonly logger: Logger;
  readonly trustedProxies: readonly string[];
}

export interface CellHalf {
  readonly app: FastifyInstance;
  /** What the core sees of it. */
  readonly port: RegionCell;
  /** Starts telling the core of changes, ending expired consents, and the other jobs. */
  startJobs(): Promise<void>;
  close(): Promise<void>;
}

/** The region's half: sign-in, vault, consent, release of attributes, and every page about a person. */
export async function createCellHalf(options: CellOptions, core: CoreGateway): Promise<CellHalf> {
  const { tenantId, region, url, logger } = options;
  const now = () => new Date();
  const database = new Database({
    connectionString: options.databaseUrl,
    applicationName: 'userref-cell',
    maxConnections: 20,
  });
  const { vault, keyService } = await openVault({ database, region, keyService: options.keyService });
  const audit = new ReadAudit({ database });
  const upstream = new UpstreamSignIn({ client: upstreamClient(options), database, tenantId, now });
  const pages = createCellPages({
    ...{ database, core, logger, now, tenantId, region, vault, upstream },
    cellUrl: url,
    upstreamIssuer: options.upstream.issuer,
    ownAttributes: new OwnAttributes({ vault, audit }),
    csrfKey: options.csrfKey,
    operator: options.operator,
  });
  const app = createHttpServer({
    logger,
    component: 'cell',
    trustedProxies: options.trustedProxies,
    renderErrorPage: pages.renderErrorPage,
  });
  await app.register(healthRoutes, {
    checks: {
      database: () => database.ping(),
      upstream: () => upstream.client.ping(),
      keys: keyService.ready,
    },
  });
  await app.register(attributeRoutes, {
    release: new ReleaseAttributes({ database, vault, audit, audience: url, issuer: options.coreIssuer }),
    database,
    tenantId,
    issuer: options.coreIssuer,
    resource: url,
    scopes: ATTRIBUTE_CATALOGUE.map((one) => one.name),
  });
  await pages.register(app);

  let worker: { stop(): Promise<void> } | undefined;
  return {
    app,
    port: new LocalRegionCell({ database, url, region, tenantId, now }),
    async startJobs() {
      const tasks = cellTasks({ database, core, logger, now, tenantId });
      worker = await startWorker({ pool: database.pool, schema: 'cell_jobs', tasks, logger });
      await scheduleHousekeeping({ database });
    },
    async close() {
      await app.close();
      await worker?.stop();
      await audit.close();
      await database.close();
      await keyService.close();
    },
  };
}

function upstreamClient({ upstream, url }: CellOptions): UpstreamClient {
  const fetch = createOutboundFetch({ policy: 'any', timeoutMs: 8_000, maxBytes: 1024 * 1024 });
  return new UpstreamClient({ ...upstream, ...upstreamAddresses(url), fetch });
}
