import type { AttributeEntry } from './catalogue.ts';
import type { DisconnectedSite, DisconnectionRequest } from './disconnection.ts';
import type { ErasureNotice, ErasureQuery, InformedSite } from './erasure.ts';
import type { RevocationGateway } from './revocation.ts';
import type { UpstreamGateway } from './upstream.ts';

/** The wall, seen from a cell: everything that a cell may ask of the core. */
export interface CoreGateway extends RevocationGateway, UpstreamGateway {
  /** Sites at which this person has a pseudonym, the most recently used first. */
  listConnectedSites(query: { tenantId: string; subjectId: string }): Promise<ConnectedSite[]>;

  /**
   * Tells the core that the person's consent changed. `withdrawn` ends the site's access before it resolves.
   * Idempotent by `eventId`.
   */
  consentChanged(change: ConsentChange): Promise<void>;

  /** The published attributes that the operator added to the default catalogue. */
  tenantAttributes(query: { tenantId: string }): Promise<AttributeEntry[]>;

  /** The person's `user_ref` at the site; `undefined` when they have none there (any more). */
  userRefAt(query: { tenantId: string; subjectId: string; siteId: string }): Promise<string | undefined>;

  /**
   * Ends what the site has of the person: tokens, sessions and the pseudonym are gone before it resolves, and the
   * site is told to erase. Idempotent by `requestId`.
   */
  disconnectSite(request: DisconnectionRequest): Promise<void>;

  /**
   * Tells sites that values they may read have changed, each at a moment of its own. Idempotent by `eventId`.
   */
  attributesChanged(change: AttributesChange): Promise<void>;

  /** Everything that the core keeps about a person, by table, and its audit entries about them. */
  exportSubject(person: { tenantId: string; subjectId: string }): Promise<CoreRecords>;

  /** What became of telling those sites; unknown ids are left out. */
  disconnectedSites(query: { tenantId: string; requestIds: readonly string[] }): Promise<DisconnectedSite[]>;

  /**
   * Tells the core that a person is erased. Their sessions, tokens and pseudonyms are gone before it resolves,
   * and every site that ever knew them will hear of it once. Idempotent by `requestId`.
   */
  subjectErased(notice: ErasureNotice): Promise<void>;

  /** Which sites an erasure concerned and what became of telling them, by name; none while the core knows nothing of it. */
  informedSites(query: ErasureQuery): Promise<InformedSite[]>;
}

/** What the core keeps about a person: ids, dates and names of sites. */
export interface CoreRecords {
  readonly records: Readonly<Record<string, readonly object[]>>;
  readonly audit: readonly ExportedAuditEntry[];
}

/** An entry of the audit log about a person, as it is given to them. */
export interface ExportedAuditEntry {
  readonly occurred_at: Date;
  readonly action: string;
  readonly site_id: string | null;
  readonly data: object;
}

/** Values of a person that changed, by the sites that may read them. */
export interface AttributesChange {
  readonly eventId: string;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly sites: readonly { readonly siteId: string; readonly attributes: readonly string[] }[];
}

export interface ConnectedSite {
  readonly siteId: string;
  readonly name: string;
  readonly origin: string;
  readonly connectedAt: Date;
  readonly lastSignInAt: Date;
}

export interface ConsentChange {
  readonly eventId: string;
  readonly tenantId: string;
  readonly subjectId: string;
  readonly siteId: string;
  readonly change: 'granted' | 'withdrawn' | 'expired';
  readonly consents: readonly { readonly consentId: string; readonly attribute: string }[];
  readonly purposeId: string;
  readonly occurredAt: Date;
}
