/** The issuer's key set for verifiers in PHP: kept a while, and kept on while the core is away. */
export interface KeyCache {
  /** @throws UserrefError `discovery_failed`, `network_failed` when there is none yet */
  get(): Promise<unknown>;
  /** Seconds since it was fetched, `null` when there is none. */
  ageSeconds(): number | null;
}

const FRESH_SECONDS = 300;

export function createKeyCache({
  load,
  now,
}: {
  readonly load: () => Promise<unknown>;
  /** Unix seconds. */
  readonly now: () => number;
}): KeyCache {
  let held: { readonly keys: unknown; readonly at: number } | undefined;
  let running: Promise<unknown> | undefined;

  function renew(): Promise<unknown> {
    running ??= load()
      .then((keys) => {
        held = { keys, at: now() };
        return keys;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  return {
    async get() {
      if (held === undefined) return renew();
      if (now() - held.at > FRESH_SECONDS) await renew().catch(() => undefined);
      return held.keys;
    },
    ageSeconds: () => (held === undefined ? null : now() - held.at),
  };
}
