import type { SiteAttributeName, SitePurpose } from '../attributes/site-attributes.ts';
import type { Session } from '../session/session.ts';

/** For which purpose a page needs attributes, and what it would like besides. */
export interface ConsentQuestion {
  /** Why: the id of a purpose that is registered for this site. */
  readonly purpose: SitePurpose;
  /** Attributes that are asked for along with the others and may be refused. */
  readonly optional?: readonly SiteAttributeName[] | undefined;
}

/** What the session knows of a question; the cell decides at each fetch. */
export interface ConsentState {
  /**
   * `shared`: go on. `askable`: the visitor was not asked for this purpose in this session. `refused`: they
   * were asked, and something needed is missing.
   */
  readonly state: 'shared' | 'askable' | 'refused';
  /** What is needed and not shared; the optional ones are no part of it. */
  readonly missing: readonly string[];
}

export function consentState(
  session: Session | null,
  names: readonly SiteAttributeName[],
  { purpose, optional = [] }: ConsentQuestion,
): ConsentState {
  const shared = session?.consents ?? [];
  const missing = names.filter((name) => !shared.includes(name));
  const isAsked = Object.hasOwn(session?.askedPurposes ?? {}, purpose);
  const isComplete = [...names, ...optional].every((name) => shared.includes(name));
  if (session !== null && (isComplete || (isAsked && missing.length === 0))) {
    return { state: 'shared', missing };
  }
  return { state: isAsked ? 'refused' : 'askable', missing };
}
