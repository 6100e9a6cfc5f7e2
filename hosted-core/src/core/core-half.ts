import type { FastifyInstance } from 'fastify';
import { RestoreGate } from '../erasure/restore-gate.ts';
import { healthRoutes } from '../http/health-routes.ts';
import { createHttpServer } from '../http/http-server.ts';
import { createOutboundFetch } from '../outbound/outbound-fetch.ts';
import type { RegionCell } from '../wall/region-cell.ts';
import type { CoreFoundation } from './core-foundation.ts';
import { CoreJobs } from './core-jobs.ts';
import { announceEndedSession } from './grants/announce-ended-session.ts';
import { GrantRepository } from './grants/grant-repository.ts';
import { ArtifactRepository } from './oidc/artifact-repository.ts';
import { outcomeRoute } from './oidc/interaction-outcome.ts';
import { oidcRoutes } from './oidc/oidc-routes.ts';
import { OidcServer } from './oidc/oidc-server.ts';
import { createRevocation, type Revocation } from './revocation/revocation.ts';
import { ownSiteRoutes } from './site-api/own-site-routes.ts';
import { siteRoutes } from './site-api/site-routes.ts';
import { SiteDirectory } from './sites/site-directory.ts';
import { SiteRepository } from './sites/site-repository.ts';
import { StatusListPublisher } from './status-list/status-list-publisher.ts';
import { StatusListRepository } from './status-list/status-list-repository.ts';
import { statusListRoutes } from './status-list/status-list-routes.ts';
import { StatusPositions } from './status-list/status-positions.ts';
import { ensureTenant } from './tenants/tenant-repository.ts';

export interface CoreHalf {
  readonly app: FastifyInstance;
  /** Ends access; for the operator's commands. */
  readonly revocation: Revocation;
  /** Starts delivering webhooks and the other jobs. */
  startJobs(): Promise<void>;
  close(): Promise<void>;
}

/** The protocol half: OpenID provider, sites, pseudonyms, webhooks. */
export async function createCoreHalf(foundation: CoreFoundation, cell: RegionCell): Promise<CoreHalf> {
  const { options, database, subjects, tombstones, signingKeys } = foundation;
  const { tenantId, mode = 'live', url, secrets, logger } = options;
  await ensureTenant(database, { tenantId, issuer: url, mode });
  const artifacts = new ArtifactRepository(database, tenantId);
  const siteRepository = new SiteRepository(database);
  const sites = new SiteDirectory({ repository: siteRepository, tenantId });
  const statusLists = new StatusListRepository(database, tenantId);
  const grants = new GrantRepository(tenantId);
  const revocation = createRevocation({ database, subjects, grants, cell });
  const server = new OidcServer({
    issuer: url,
    tenantId,
    mode,
    secrets,
    cell,
    subjects,
    artifacts,
    logger,
    sites,
    signingKeys,
    positions: new StatusPositions({ repository: statusLists, issuer: url }),
    fetch: createOutboundFetch({ policy: 'public', timeoutMs: 5_000, maxBytes: 65_536 }),
    onSessionEnded: (ended) => announceEndedSession({ database, subjects, tenantId }, ended),
  });
  const app = createHttpServer({ logger, component: 'core', trustedProxies: options.trustedProxies });
  const gate = new RestoreGate({ tombstones, logger });
  gate.guard(app);
  await app.register(healthRoutes, {
    checks: { database: () => database.ping(), tombstones: () => gate.ready() },
  });
  await app.register(outcomeRoute, { server, cell, subjects, tenantId });
  const publisher = new StatusListPublisher({ repository: statusLists, signingKeys, issuer: url });
  await app.register(statusListRoutes, { publisher });
  await app.register(siteRoutes, { database, sites, tenantId, issuer: url, secrets, revocation });
  await app.register(ownSiteRoutes, {
    ...{ database, sites, tenantId, mode, issuer: url, repository: siteRepository },
  });
  await app.register(oidcRoutes, { server, issuer: url });

  await gate.compare();
  const jobs = new CoreJobs(foundation, artifacts);
  return {
    app,
    revocation,
    startJobs: () => gate.start(() => jobs.start()),
    async close() {
      await app.close();
      await gate.stop();
      await jobs.stop();
      await database.close();
    },
  };
}
