/** Why the session of this tab has ended. */
export type EndReason = 'withdrawn' | 'ended';

/**
 * Leaves a page whose visitor is gone. Hiding would not do: Next.js keeps what it rendered in scripts of the
 * page and in its router. Replaced, the page is out of the tab's history too.
 */
export function leavePage(reason: EndReason): void {
  window.location.replace(`/signed-out?reason=${reason}`);
}
