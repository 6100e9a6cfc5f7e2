/// <reference lib="dom" />
import type { PublicUser } from '../site/public-user.ts';

/** What a page knows of its visitor. */
export type SignedInState =
  | { readonly status: 'loading' | 'signed-out' | 'unavailable'; readonly user: null }
  | { readonly status: 'signed-in'; readonly user: PublicUser };

export interface VisitorStore {
  /** The state now; the same object until it changes. */
  get(): SignedInState;
  /** Asks again and tells subscribers. */
  refresh(): Promise<void>;
  subscribe(listener: () => void): () => void;
  /** Called when a user who was there is gone, whoever has come in their place. */
  onEnd: () => void;
}

export const LOADING: SignedInState = { status: 'loading', user: null };

const stores = new Map<string, VisitorStore>();

/** One store an address and tab, whatever number of components ask. */
export function visitorStoreAt(path: string): VisitorStore {
  const store = stores.get(path) ?? createVisitorStore(path);
  stores.set(path, store);
  return store;
}

export function createVisitorStore(path: string): VisitorStore {
  let state = LOADING;
  let asking: Promise<void> | undefined;
  const listeners = new Set<() => void>();

  async function ask(): Promise<void> {
    const next = await fetchState(path);
    if (next.status === 'unavailable' && state.status === 'signed-in') return;
    const hasEnded = state.user !== null && next.user?.userRef !== state.user.userRef;
    state = next;
    for (const listener of listeners) listener();
    if (hasEnded) store.onEnd();
  }

  const store: VisitorStore = {
    get: () => state,
    refresh() {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    // What the router of Next.js keeps of pages would outlive the session.
    onEnd: () => globalThis.location.reload(),
  };

  const onReturn = () => {
    if (document.visibilityState === 'visible') void store.refresh();
  };

  function start(): void {
    document.addEventListener('visibilitychange', onReturn);
    globalThis.addEventListener('pageshow', onReturn);
    void store.refresh();
  }

  function stop(): void {
    document.removeEventListener('visibilitychange', onReturn);
    globalThis.removeEventListener('pageshow', onReturn);
  }

  return store;
}

async function fetchState(path: string): Promise<SignedInState> {
  try {
    const response = await fetch(path, { headers: { accept: 'application/json' }, cache: 'no-store' });
    if (!response.ok) return { status: 'unavailable', user: null };
    const { user } = (await response.json()) as { user: PublicUser | null };
    return user === null ? { status: 'signed-out', user } : { status: 'signed-in', user };
  } catch {
    return { status: 'unavailable', user: null };
  }
}
