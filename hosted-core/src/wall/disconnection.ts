import type { InformedState } from './erasure.ts';

/** The person wants a site to forget them. Idempotent by `requestId`. */
export interface DisconnectionRequest {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly siteId: string;
  /** `dis_` and 130 random bits. */
  readonly requestId: string;
  readonly requestedAt: Date;
}

/**
 * As of an erasure, and: `confirmed`: the site says that it has erased. `overdue`: it was told, and has not said
 * so in time.
 */
export type DisconnectedState = InformedState | 'confirmed' | 'overdue';

/** What became of telling a site to erase. */
export interface DisconnectedSite {
  readonly requestId: string;
  readonly siteId: string;
  readonly state: DisconnectedState;
  /** When it came to this state. */
  readonly at: Date;
}
