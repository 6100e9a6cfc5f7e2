'use client';
import { useSyncExternalStore } from 'react';

/** Why the session of this tab has ended. */
export type EndReason = 'withdrawn' | 'ended';

let ended: EndReason | null = null;
const listeners = new Set<() => void>();

/** Everything within `<Personal>` leaves the page. */
export function endSession(reason: EndReason): void {
  ended = reason;
  for (const listener of listeners) listener();
}

/** `null` while nothing has ended. */
export function useSessionEnd(): EndReason | null {
  return useSyncExternalStore(
    subscribe,
    () => ended,
    () => null,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
