/** Who ended something that the person had not ended themselves. */
export type RevokedBy = 'site' | 'operator';

/** Which live consents to end; what is left out means any. At least one of the ids is there, or `all`. */
export interface ConsentRevocation {
  readonly tenantId: string;
  readonly by: RevokedBy;
  readonly subjectId?: string;
  readonly siteId?: string;
  readonly consentId?: string;
  readonly requestId?: string | undefined;
}

export interface ConsentCount {
  readonly consents: number;
  readonly people: number;
}

/** A person's sign-in at the core, in one browser. */
export interface CoreSession {
  /** Names the session; opens nothing. */
  readonly sessionId: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  /** Where it was used, by name. */
  readonly sites: readonly { readonly siteId: string; readonly name: string }[];
}

/** What became of telling a site to stop using data, as far as the person may see it. */
export interface PurgeConfirmation {
  readonly siteId: string;
  readonly siteName: string;
  readonly type: 'consent.withdrawn' | 'consent.expired' | 'subject.erased';
  /** Empty for `subject.erased`. */
  readonly attributes: readonly string[];
  readonly consentId: string | null;
  readonly toldAt: Date;
  /** Until when it is to confirm. */
  readonly dueAt: Date;
  /**
   * `on_its_way`: not received yet. `received`: the site has it and has not confirmed. `confirmed`: the site
   * says that it has purged the data. `overdue`: no confirmation in time. `not_delivered`: given up, or no address.
   */
  readonly state: 'on_its_way' | 'received' | 'confirmed' | 'overdue' | 'not_delivered';
  readonly confirmedAt: Date | null;
}

/** What My data's pages about security and about confirmations ask of the core. */
export interface RevocationGateway {
  /** The person's live sessions at the core, the latest first. */
  listSessions(person: { tenantId: string; subjectId: string }): Promise<CoreSession[]>;

  /**
   * Ends one session: its tokens and passports are dead, and every site of it will hear of it, before it resolves.
   * @throws UserrefError `not_found` for one that is unknown, over or somebody else's
   */
  endSession(session: { tenantId: string; subjectId: string; sessionId: string }): Promise<void>;

  /** Which sites have confirmed that they purged what they were told to, the latest first; at most 200. */
  purgeConfirmations(person: { tenantId: string; subjectId: string }): Promise<PurgeConfirmation[]>;
}
