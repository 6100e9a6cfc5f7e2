/** Longest `sessionTtlSeconds`. */
export const LONGEST_SESSION_SECONDS = 604_800;
/** Sessions sealed just before they were ended, by a clock that is a little ahead. */
const MARGIN_SECONDS = 120;

/**
 * Until when an end must be remembered. Not by the `sessionTtlSeconds` of today: a site that shortened it has cookies
 * that were sealed for longer.
 */
export function keptUntil(now: number): number {
  return now + LONGEST_SESSION_SECONDS + MARGIN_SECONDS;
}
