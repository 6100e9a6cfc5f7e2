/** The issuer's key set for verifiers in PHP: kept a while, and kept on while the core is away or publishes no good one. */
export interface KeyCache {
  /** @throws UserrefError `discovery_failed`, `network_failed`, `passport_key_unusable` when there is none yet */
  get(): Promise<unknown>;
  /** Makes sure that they are no older than this. @throws UserrefError as {@link get} does, though there are some */
  renew(maxAgeSeconds: number): Promise<void>;
  /** Seconds since it was fetched, `null` when there is none. */
  ageSeconds(): number | null;
}

const FRESH_SECONDS = 300;

export function createKeyCache({
  fetchKeys,
  now,
}: {
  readonly fetchKeys: () => Promise<unknown>;
  /** Unix seconds. */
  readonly now: () => number;
}): KeyCache {
  let held: { readonly keys: unknown; readonly at: number } | undefined;
  let running: Promise<unknown> | undefined;

  function load(): Promise<unknown> {
    running ??= fetchKeys()
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
      if (held === undefined) return load();
      if (now() - held.at > FRESH_SECONDS) await load().catch(() => undefined);
      return held.keys;
    },
    async renew(maxAgeSeconds) {
      if (held === undefined || now() - held.at > maxAgeSeconds) await load();
    },
    ageSeconds: () => (held === undefined ? null : now() - held.at),
  };
}
