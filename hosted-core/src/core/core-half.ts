import type { FastifyInstance } from 'fastify';
import { Database } from '../database/database.ts';
import { healthRoutes } from '../http/health-routes.ts';
import { createHttpServer } from '../http/http-server.ts';
import { startWorker } from '../jobs/worker.ts';
import type { Logger } from '../observability/logger.ts';
import { createOutboundFetch, type OutboundPolicy } from '../outbound/outbound-fetch.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { CoreGateway } from '../wall/core-gateway.ts';
import type { RegionCell } from '../wall/region-cell.ts';
import { announceEndedSession } from './grants/announce-ended-session.ts';
import { GrantRepository } from './grants/grant-repository.ts';
import { receiveConsentChange } from './grants/receive-consent-change.ts';
import { ArtifactRepository } from './oidc/artifact-repository.ts';
import { outcomeRoute } from './oidc/interaction-outcome.ts';
import { oidcRoutes } from './oidc/oidc-routes.ts';
import { OidcServer } from './oidc/oidc-server.ts';
import { purgeTask, schedulePurge } from './oidc/purge-expired.ts';
import { SigningKeyRepository } from './oidc/signing-key-repository.ts';
import { SigningKeys } from './oidc/signing-keys.ts';
import { SiteDirectory } from './sites/site-directory.ts';
import { SiteRepository } from './sites/site-repository.ts';
import { SubjectRepository } from './subjects/subject-repository.ts';
import { ensureTenant } from './tenants/tenant-repository.ts';
import { createDeliverWebhook } from './webhooks/deliver-webhook.ts';
import { DELIVER_WEBHOOK } from './webhooks/delivery-job.ts';

export interface CoreOptions {
  /** As `core_app`. */
  readonly databaseUrl: string;
  /** Public address without a slash at the end: the issuer. */
  readonly url: string;
  readonly tenantId: string;
  readonly secrets: SecretBox;
  /** Where webhooks may go. */
  readonly outbound: OutboundPolicy;
  readonly logger: Logger;
  readonly trustedProxies: readonly string[];
}

/** What the core has before it knows its cell: enough to answer one. */
export interface CoreFoundation {
  readonly options: CoreOptions;
  readonly database: Database;
  readonly subjects: SubjectRepository;
  readonly gateway: CoreGateway;
}

export function createCoreFoundation(options: CoreOptions): CoreFoundation {
  const { databaseUrl, tenantId } = options;
  const database = new Database({
    connectionString: databaseUrl,
    applicationName: 'userref-core',
    maxConnections: 20,
  });
  const subjects = new SubjectRepository(database, tenantId);
  const grants = new GrantRepository(tenantId);
  const gateway: CoreGateway = {
    listConnectedSites: ({ subjectId }) => subjects.listConnectedSites(subjectId),
    consentChanged: (change) => receiveConsentChange({ database, grants, subjects }, change),
  };
  return { options, database, subjects, gateway };
}

export interface CoreHalf {
  readonly app: FastifyInstance;
  /** Starts delivering webhooks and the other jobs. */
  startJobs(): Promise<void>;
  close(): Promise<void>;
}

/** The protocol half: OpenID provider, sites, pseudonyms, webhooks. */
export async function createCoreHalf(foundation: CoreFoundation, cell: RegionCell): Promise<CoreHalf> {
  const { options, database, subjects } = foundation;
  const { tenantId, url, secrets, logger } = options;
  await ensureTenant(database, { tenantId, issuer: url });
  const artifacts = new ArtifactRepository(database, tenantId);
  const server = new OidcServer({
    issuer: url,
    tenantId,
    secrets,
    cell,
    subjects,
    artifacts,
    logger,
    sites: new SiteDirectory({ repository: new SiteRepository(database), tenantId }),
    signingKeys: new SigningKeys({
      repository: new SigningKeyRepository(database, tenantId),
      secrets,
      tenantId,
    }),
    fetch: createOutboundFetch({ policy: 'public', timeoutMs: 5_000, maxBytes: 65_536 }),
    onSessionEnded: (ended) => announceEndedSession({ database, subjects, tenantId }, ended),
  });
  const app = createHttpServer({ logger, component: 'core', trustedProxies: options.trustedProxies });
  await app.register(healthRoutes, { checks: { database: () => database.ping() } });
  await app.register(outcomeRoute, { server, cell, subjects, tenantId });
  await app.register(oidcRoutes, { server, issuer: url });

  let jobs: { stop(): Promise<void> } | undefined;
  return {
    app,
    async startJobs() {
      const fetch = createOutboundFetch({ policy: options.outbound, timeoutMs: 15_000, maxBytes: 65_536 });
      const deliver = createDeliverWebhook({ database, secretBox: secrets, fetch, logger });
      const tasks = { [DELIVER_WEBHOOK]: deliver, ...purgeTask({ database, artifacts }) };
      jobs = await startWorker({ pool: database.pool, schema: 'core_jobs', tasks, logger });
      await schedulePurge(database);
    },
    async close() {
      await app.close();
      await jobs?.stop();
      await database.close();
    },
  };
}
