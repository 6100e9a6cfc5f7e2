import type { AuditProofs } from '../audit/audit-loop.ts';
import { Database } from '../database/database.ts';
import { Tombstones } from '../erasure/tombstones.ts';
import type { Logger } from '../observability/logger.ts';
import type { OutboundPolicy } from '../outbound/outbound-fetch.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { CoreGateway } from '../wall/core-gateway.ts';
import { AttributeRepository } from './catalogue/attribute-repository.ts';
import { erasureAtCore } from './erasure/erasure-at-core.ts';
import { exportAtCore } from './erasure/export-at-core.ts';
import { disconnectSite } from './grants/disconnect-site.ts';
import { disconnectedSites } from './grants/disconnections-repository.ts';
import { GrantRepository } from './grants/grant-repository.ts';
import { receiveConsentChange } from './grants/receive-consent-change.ts';
import { tellOfChange } from './grants/tell-of-change.ts';
import { SigningKeyRepository } from './oidc/signing-key-repository.ts';
import { SigningKeys } from './oidc/signing-keys.ts';
import { endPerson } from './revocation/end-person.ts';
import { revocationGateway } from './revocation/revocation-gateway.ts';
import { SubjectRepository } from './subjects/subject-repository.ts';
import type { TenantMode } from './tenants/tenant-repository.ts';

export interface CoreOptions {
  /** As `core_app`. */
  readonly databaseUrl: string;
  /** As `core_app`, for the job worker where a transaction pooler is in between. Default: `databaseUrl`. */
  readonly jobsDatabaseUrl?: string | undefined;
  /** How long what needs no haste may take to reach several sites, in milliseconds. Default 0. */
  readonly tellWithinMs?: number;
  /** Where the tombstone ledger is kept; without one a restored backup goes unnoticed. */
  readonly tombstoneLedger?: string | undefined;
  /** Public address without a slash at the end: the issuer. */
  readonly url: string;
  readonly tenantId: string;
  /** Default `live`. */
  readonly mode?: TenantMode;
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
  const { databaseUrl, tenantId, logger, tellWithinMs } = options;
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
    ...erasureAtCore({ database, tombstones, logger, tellWithinMs }).gateway,
    endPerson: (ended) => endPerson({ database, subjects, grants }, ended),
    tenantAttributes: () => new AttributeRepository(database, tenantId).published(),
    userRefAt: ({ siteId, subjectId }) =>
      database.inTenant(tenantId, (tx) => subjects.findUserRef(tx, siteId, subjectId)),
    attributesChanged: (change) => tellOfChange({ database, grants, subjects, tellWithinMs }, change),
    exportSubject: (person) => exportAtCore({ database, subjects }, person),
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
