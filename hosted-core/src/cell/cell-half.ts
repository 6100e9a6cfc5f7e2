import type { FastifyInstance } from 'fastify';
import { Database } from '../database/database.ts';
import { RestoreGate } from '../erasure/restore-gate.ts';
import { Tombstones } from '../erasure/tombstones.ts';
import { healthRoutes } from '../http/health-routes.ts';
import { createHttpServer } from '../http/http-server.ts';
import type { Metric } from '../observability/metrics.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import type { CoreGateway } from '../wall/core-gateway.ts';
import type { RegionCell } from '../wall/region-cell.ts';
import { attributeRoutes } from './attributes/attribute-routes.ts';
import { OwnAttributes } from './attributes/own-attributes.ts';
import { ReadAudit } from './attributes/read-audit.ts';
import { ReleaseAttributes } from './attributes/release-attributes.ts';
import { TenantCatalogue } from './attributes/tenant-catalogue.ts';
import { CellJobs } from './cell-jobs.ts';
import type { CellOptions } from './cell-options.ts';
import { erasePerson, erasureReceipt } from './erasure/erase-person.ts';
import type { ErasureDependencies } from './erasure/finish-erasure.ts';
import { upstreamStatement } from './erasure/upstream-statement.ts';
import { LoginHints } from './interactions/login-hints.ts';
import { LocalRegionCell } from './local-region-cell.ts';
import { createCellPages, upstreamAddresses } from './pages/cell-pages.ts';
import type { AccountDeletion } from './pages/page-dependencies.ts';
import { sealedRoutes } from './sealed-attributes/sealed-routes.ts';
import { createUpstreamService, type UpstreamServiceOptions } from './upstream/upstream-service.ts';
import { openVault } from './vault/open-vault.ts';
import { rotationMetrics } from './vault/rotation/rotation-metrics.ts';
import type { Vault } from './vault/vault.ts';

const DEFAULT_KEY_BACKUP_DAYS = 7;
const DEFAULT_GRACE_DAYS = 7;

export interface CellHalf {
  readonly app: FastifyInstance;
  /** What the core sees of it. */
  readonly port: RegionCell;
  /** Figures for operators; none about a person. */
  metrics(): Promise<readonly Metric[]>;
  /** Starts telling the core of changes, ending expired consents, and the other jobs. */
  startJobs(): Promise<void>;
  close(): Promise<void>;
}

/** The region's half: sign-in, vault, consent, release of attributes, and every page about a person. */
export async function createCellHalf(options: CellOptions, core: CoreGateway): Promise<CellHalf> {
  const { tenantId, region, url, logger, keyService: rootKey } = options;
  const now = () => new Date();
  const database = new Database({
    connectionString: options.databaseUrl,
    applicationName: 'userref-cell',
    maxConnections: 20,
  });
  const { vault, keyService, rootKeys } = await openVault({ database, region, keyService: rootKey });
  const audit = new ReadAudit({ database });
  const tombstones = new Tombstones({
    half: 'cell',
    database,
    tenantId,
    ledgerFolder: options.tombstoneLedger,
  });
  const erasure = {
    ...{ tombstones, core, logger, now },
    backupWindowDays: options.keyBackupDays ?? DEFAULT_KEY_BACKUP_DAYS,
    upstreamKeeps: upstreamStatement({ managed: options.upstream.management !== undefined }),
  };
  const { upstream, loginHints } = createUpstream(options, {
    ...{ database, vault, core, now },
    erase: (request) => erasePerson(erasure, request),
  });
  const pages = createCellPages({
    ...{ database, core, logger, now, tenantId, region, vault, upstream: upstream.signIn, loginHints },
    cellUrl: url,
    upstreamIssuer: options.upstream.issuer,
    ownAttributes: new OwnAttributes({ vault, audit }),
    deletion: accountDeletion(erasure, options),
    csrfKey: options.csrfKey,
    receiptSecret: options.receiptSecret,
    ...{ operator: options.operator, mode: options.mode },
  });
  const app = createHttpServer({
    logger,
    component: 'cell',
    trustedProxies: options.trustedProxies,
    renderErrorPage: pages.renderErrorPage,
  });
  const gate = new RestoreGate({ tombstones, logger });
  gate.guard(app);
  await app.register(healthRoutes, {
    checks: {
      ...{ database: () => database.ping(), tombstones: () => gate.ready() },
      upstream: () => upstream.signIn.client.ping(),
      keys: () => Promise.all([keyService.ready(), rootKeys.refuseUnknown(tenantId)]),
    },
  });
  await registerSiteApi(app, { options, database, vault, audit, core });
  await app.register(upstream.routes);
  await pages.register(app);

  await gate.compare();
  const jobs = new CellJobs({ options, database, erasure, upstream, vault });
  return {
    app,
    port: new LocalRegionCell({
      ...{ database, url, region, tenantId, now, erasure, loginHints },
      consents: { database, core, logger, now },
    }),
    metrics: rotationMetrics({ keys: vault.keys, tenantId }),
    startJobs: () => gate.start(() => jobs.start()),
    async close() {
      await app.close();
      await gate.stop();
      await jobs.stop();
      await audit.close();
      await database.close();
      await keyService.close();
    },
  };
}

/** The way to the sign-in service, and what people typed on theirs. */
function createUpstream(
  { tenantId, url, upstream: settings, upstreamKey }: CellOptions,
  parts: Pick<UpstreamServiceOptions, 'database' | 'vault' | 'core' | 'now' | 'erase'>,
) {
  const secrets = upstreamKey && new SecretBox(upstreamKey);
  return {
    upstream: createUpstreamService({
      ...{ ...parts, tenantId, settings, cellUrl: url, secrets },
      ...upstreamAddresses(url),
    }),
    loginHints: secrets && new LoginHints({ database: parts.database, tenantId, secrets }),
  };
}

interface SiteApiParts {
  readonly options: CellOptions;
  readonly database: Database;
  readonly vault: Vault;
  readonly audit: ReadAudit;
  readonly core: CoreGateway;
}

/** What sites call: attributes, now or sealed for later, and the consents behind them. */
async function registerSiteApi(
  app: FastifyInstance,
  { options, core, ...parts }: SiteApiParts,
): Promise<void> {
  const { tenantId, url: resource, coreIssuer: issuer, logger } = options;
  const release = new ReleaseAttributes({ ...parts, audience: resource, issuer });
  const { catalogue } = parts.vault;
  const added = new TenantCatalogue({ core, catalogue, tenantId, logger, now: () => new Date() });
  const scopes = () => catalogue.list().map(({ name }) => name);
  await app.register(async (scope) => {
    scope.addHook('preHandler', () => added.refresh());
    await scope.register(attributeRoutes, {
      ...{ release, database: parts.database, tenantId, issuer, resource, scopes },
    });
    await scope.register(sealedRoutes, { release, tenantId, resource });
  });
}

function accountDeletion(erasure: ErasureDependencies, options: CellOptions): AccountDeletion {
  return {
    erase: (request) => erasePerson(erasure, request),
    receipt: (query) => erasureReceipt(erasure, query),
    graceDays: options.deletionGraceDays ?? DEFAULT_GRACE_DAYS,
    backupDays: erasure.backupWindowDays,
    deletesUpstream: options.upstream.management !== undefined,
  };
}
