import type { AssuranceLevel } from '../generated/contract.ts';

/** What a verified passport says. No personal data: `userRef` is this site's own name for the person. */
export interface Passport {
  /** `ppid_` and 26 characters; another site sees another one. */
  readonly userRef: string;
  /** The session at the core; the event `session.revoked` names it. */
  readonly sid: string;
  /** Attributes with a live consent at the time of issue. A hint: the cell decides at each read. */
  readonly consents: readonly string[];
  readonly assuranceLevel: AssuranceLevel;
  readonly tenant: string;
  /** Unix seconds: when the person last signed in. */
  readonly authTime: number;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** Where its revocation can be seen. Not part of a session. `null` when the issuer keeps no status lists. */
  readonly status: PassportStatus | null;
}

/** A place in a status list (Token Status List §6.1). */
export interface PassportStatus {
  readonly uri: string;
  readonly index: number;
}

export const USER_REF = /^ppid_[a-z2-7]{26}$/;
export const ATTRIBUTE_NAME = /^[a-z][a-z0-9_]{0,31}:[a-z][a-z0-9_]{0,31}$/;
export const SESSION_ID = /^[\x21-\x7e]{1,128}$/;
