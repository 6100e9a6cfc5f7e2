import { memorySessionStore, type SessionStore } from '@userref/sdk-core';

const KEY = Symbol.for('@userref/sdk-next/revocations');

/**
 * Next.js builds pages, route handlers and the proxy apart, each with its own copy of every module. A store in
 * a module would leave the page ignorant of what the webhook handler was told, so it hangs on the process.
 * An Edge runtime is a process of its own: what shall end there at once needs a store that is shared.
 */
export function processWideStore(
  { issuer, site }: { readonly issuer: string; readonly site: string },
  clock: (() => Date) | undefined,
): SessionStore {
  const holder = globalThis as { [KEY]?: Map<string, SessionStore> };
  const stores = holder[KEY] ?? new Map<string, SessionStore>();
  holder[KEY] = stores;
  const name = JSON.stringify([issuer, site]);
  const known = stores.get(name);
  if (known !== undefined) return known;
  const store = memorySessionStore(clock === undefined ? {} : { clock });
  stores.set(name, store);
  return store;
}
