import { useEffect, useSyncExternalStore } from 'react';
import { LOADING, type SignedInState, visitorStoreAt } from './visitor-store.ts';

export type { SignedInState };

/** Where the visitor is asked for, and what to do when they are gone. */
export interface UseUserOptions {
  /** `sessionPath` of the site. Default `/userref/session`. */
  readonly path?: string;
  /**
   * Called when the user who was there is gone, whoever has come in their place. Default: the page is loaded again, so
   * that nothing of theirs stays.
   */
  readonly onEnd?: () => void;
}

/**
 * Who is signed in, asked of the site when the page appears and each time it comes back to the front. Gives no
 * token: what a browser may do, it does by the site's own addresses.
 */
export function useUser({ path = '/userref/session', onEnd }: UseUserOptions = {}): SignedInState {
  const store = visitorStoreAt(path);
  useEffect(() => {
    if (onEnd !== undefined) store.onEnd = onEnd;
  }, [store, onEnd]);
  return useSyncExternalStore(store.subscribe, store.get, () => LOADING);
}
