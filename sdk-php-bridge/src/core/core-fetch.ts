/** A `fetch` for talking to core and cell: gives up in time, and learns how far the clocks differ. */
export interface CoreFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Core's clock minus ours in milliseconds, as of the last answer; `null` before the first. */
  clockOffsetMs(): number | null;
}

/** Of one request; a call that needs several has an end of its own. */
const TIMEOUT_MS = 4000;
/** `Date` has whole seconds, so it is half a second early on average. */
const HALF_SECOND_MS = 500;

export function createCoreFetch(options: { readonly now?: () => number } = {}): CoreFetch {
  const now = options.now ?? Date.now;
  let offset: number | null = null;
  return {
    async fetch(input, init = {}) {
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
      const sentAt = now();
      const response = await globalThis.fetch(input, { ...init, signal });
      const theirs = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(theirs)) offset = Math.round(theirs + HALF_SECOND_MS - (sentAt + now()) / 2);
      return response;
    },
    clockOffsetMs: () => offset,
  };
}
