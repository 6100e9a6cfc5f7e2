import type { FastifyInstance } from 'fastify';
import type { AuditProofs } from '../audit/audit-loop.ts';
import { Database } from '../database/database.ts';
import { RestoreGate } from '../erasure/restore-gate.ts';
import { Tombstones } from '../erasure/tombstones.ts';
import { healthRoutes } from '../http/health-routes.ts';
import { createHttpServer } from '../http/http-server.ts';
import type { Logger } from '../observability/logger.ts';
import { createOutboundFetch, type OutboundPolicy } from '../outbound/outbound-fetch.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { CoreGateway } from '../wall/core-gateway.ts';
import type { RegionCell } from '../wall/region-cell.ts';
import { AttributeRepository } from './catalogue/attribute-repository.ts';
import { CoreJobs } from './core-jobs.ts';
import { erasureAtCore } from './erasure/erasure-at-core.ts';
import { announceEndedSession } from './grants/announce-ended-session.ts';
import { disconnectSite } from './grants/disconnect-site.ts';
import { disconnectedSites } from './grants/disconnections-repository.ts';
import { GrantRepository } from './grants/grant-repository.ts';
import { receiveConsentChange } from './grants/receive-consent-change.ts';
import { ArtifactRepository } from './oidc/artifact-repository.ts';
import { outcomeRoute } from './oidc/interaction-outcome.ts';
import { oidcRoutes } from './oidc/oidc-routes.ts';
import { OidcServer } from './oidc/oidc-server.ts';
import { SigningKeyRepository } from './oidc/signing-key-repository.ts';
import { SigningKeys } from './oidc/signing-keys.ts';
import { endPerson } from './revocation/end-person.ts';
import { createRevocation, type Revocation } from './revocation/revocation.ts';
import { revocationGateway } from './revocation/revocation-gateway.ts';
import { siteRoutes } from './site-api/site-routes.ts';
import { SiteDirectory } from './sites/site-directory.ts';
import { SiteRepository } from './sites/site-repository.ts';
import { StatusListPublisher } from './status-list/status-list-publisher.ts';
import { StatusListRepository } from './status-list/status-list-repository.ts';
import { statusListRoutes } from './status-list/status-list-routes.ts';
import { StatusPositions } from './status-list/status-positions.ts';
import { SubjectRepository } from './subjects/subject-repository.ts';
import { ensureTenant } from './tenants/tenant-repository.ts';

export interface CoreOptions {
  /** As `core_app`. */
  readonly databaseUrl: string;
  /** As `core_app`, for the job worker where a transaction pooler is in between. Default: `databaseUrl`. */
  readonly jobsDatabaseUrl?: string | undefined;
  /** Where the tombstone ledger is kept; without one a restored backup goes unnoticed. */
  readonly tombstoneLedger?: string | undefined;
  /** Public address without a slash at the end: the issuer. */
  readonly url: string;
  readonly tenantId: string;
  readonly secrets: SecretBox;
  /** Where webhooks may go. */
  readonly outbound: OutboundPolicy;
  /** Default: the audit log is numbered and hashed, not signed. */
  readonly auditProofs?: AuditProofs;
  readonly logger: Logger;
  readonly trustedProxies: readonly string[];
}

/** What the core has before it knows its cell: enough to answer one. */
export interface CoreFoundation {
  readonly options: CoreOptions;
  readonly database: Database;
  readonly subjects: SubjectRepository;
  readonly tombstones: Tombstones;
  readonly signingKeys: SigningKeys;
  readonly gateway: CoreGateway;
}

export function createCoreFoundation(options: CoreOptions): CoreFoundation {
  const { databaseUrl, tenantId, logger } = options;
  const database = new Database({
    connectionString: databaseUrl,
    applicationName: 'userref-core',
    maxConnections: 20,
  });
  const subjects = new SubjectRepository(database, tenantId);
  const grants = new GrantRepository(tenantId);
  const tombstones = new Tombstones({
    half: 'core',
    database,
    tenantId,
    ledgerFolder: options.tombstoneLedger,
  });
  const gateway: CoreGateway = {
    listConnectedSites: ({ subjectId }) => subjects.listConnectedSites(subjectId),
    ...revocationGateway({ database, subjects }),
    consentChanged: (change) => receiveConsentChange({ database, grants, subjects }, change),
    ...erasureAtCore({ database, tombstones, logger }).gateway,
    endPerson: (ended) => endPerson({ database, subjects, grants }, ended),
    tenantAttributes: () => new AttributeRepository(database, tenantId).published(),
    userRefAt: ({ siteId, subjectId }) =>
      database.inTenant(tenantId, (tx) => subjects.findUserRef(tx, siteId, subjectId)),
    disconnectSite: (request) => disconnectSite({ database, grants, subjects }, request),
    disconnectedSites: (query) => database.inTenant(query.tenantId, (tx) => disconnectedSites(tx, query)),
  };
  const signingKeys = new SigningKeys({
    repository: new SigningKeyRepository(database, tenantId),
    secrets: options.secrets,
    tenantId,
  });
  return { options, database, subjects, tombstones, signingKeys, gateway };
}

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
  const { tenantId, url, secrets, logger } = options;
  await ensureTenant(database, { tenantId, issuer: url });
  const artifacts = new ArtifactRepository(database, tenantId);
  const sites = new SiteDirectory({ repository: new SiteRepository(database), tenantId });
  const statusLists = new StatusListRepository(database, tenantId);
  const grants = new GrantRepository(tenantId);
  const revocation = createRevocation({ database, subjects, grants, cell });
  const server = new OidcServer({
    issuer: url,
    tenantId,
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
