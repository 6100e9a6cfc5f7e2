/** What a cell asks of the core when a person's account at the sign-in service changes. */
export interface UpstreamGateway {
  /**
   * Ends what a person has open: `sessions` at the core and, through it, at every site; `access` also every token
   * and grant of every site. Consents stay. Done when it resolves; may be repeated.
   */
  endPerson(notice: EndedPerson): Promise<void>;
}

export interface EndedPerson {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly what: 'sessions' | 'access';
  /** With `sessions`: only those that began with this sign-in, Unix seconds. */
  readonly authTime?: number;
}
