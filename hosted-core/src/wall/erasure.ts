/** What crosses the wall when a person is erased: ids and dates, names of sites, nothing of the person. */

export interface ErasureRequest {
  readonly tenantId: string;
  readonly subjectId: string;
  /** Chosen by whoever asks, 8 to 64 characters of `a-z A-Z 0-9 _ -`; asking again with it changes nothing. */
  readonly requestId: string;
}

export interface ErasureQuery {
  readonly tenantId: string;
  readonly requestId: string;
}

/** The cell tells the core of an erasure that is committed. */
export interface ErasureNotice extends ErasureRequest {
  readonly erasedAt: Date;
  readonly backupsUntil: Date;
}

/**
 * `pending`: being delivered. `delivered`: the site answered 2xx. `parked`: given up after 72 hours, the
 * operator may replay it. `no_endpoint`: the site takes no webhooks and was not told.
 */
export type InformedState = 'pending' | 'delivered' | 'parked' | 'no_endpoint';

export interface InformedSite {
  readonly siteId: string;
  readonly name: string;
  readonly state: InformedState;
  /** When it came to this state. */
  readonly at: Date;
}

/** What a person gets in their hand: when what is gone, and who was told (GDPR Articles 12 (3), 17 and 19). */
export interface ErasureReceipt {
  readonly requestId: string;
  /** `erasing`: gone from the cell, and the core or the ledger has yet to follow; it will by itself. */
  readonly state: 'erasing' | 'erased';
  /** From then on nothing of the person can be read in the running service. */
  readonly erasedAt: Date;
  /** From then on no backup can open their data either. */
  readonly backupsUntil: Date;
  /** Every site that ever knew the person; `undefined` while the core does not answer. */
  readonly sites: readonly InformedSite[] | undefined;
  /** What becomes of the account at the sign-in service. */
  readonly upstream: string;
}
