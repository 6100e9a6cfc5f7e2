/**
 * Remembers what was revoked, until no session can be affected any more. One store serves all processes of a
 * site. Times are Unix seconds. Every method may be called again with the same arguments without harm; when
 * one throws, the request fails: a store that is away never means "not revoked".
 */
export interface SessionStore {
  /**
   * Ends the session `sid`, or with `issuedUntil` what was issued of it at or before that: whoever signs out here
   * and is signed in at the core still gets the same `sid` again. Less that arrives later must not weaken more.
   * The entry may be forgotten after `until`.
   */
  revokeSession(sid: string, until: number, issuedUntil?: number): Promise<void>;
  /**
   * Ends every session of `userRef` that was issued at or before `revokedAt`. An earlier `revokedAt` that
   * arrives later must not weaken a later one.
   */
  revokeUser(userRef: string, revokedAt: number, until: number): Promise<void>;
  /** Asked at every request. A store that knows at once may answer without a promise. */
  isRevoked(session: StoredSession): Promise<boolean> | boolean;
  /** Resolves to `true` for the first caller with this webhook id, atomically, and `false` for the others. */
  rememberWebhook(id: string, until: number): Promise<boolean>;
}

/** What a store is asked about. */
export interface StoredSession {
  readonly sid: string;
  readonly userRef: string;
  /** Unix seconds. */
  readonly issuedAt: number;
}
