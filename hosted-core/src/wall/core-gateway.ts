/** The wall, seen from a cell: everything that a cell may ask of the core. */
export interface CoreGateway {
  /** Sites at which this person has a pseudonym, the most recently used first. */
  listConnectedSites(query: { tenantId: string; subjectId: string }): Promise<ConnectedSite[]>;

  /**
   * Tells the core that the person's consent changed. `withdrawn` ends the site's access before it resolves.
   * Idempotent by `eventId`.
   */
  consentChanged(change: ConsentChange): Promise<void>;
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
