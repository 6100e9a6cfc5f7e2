import { KeyServiceError } from '../kms/key-service-error.ts';
import type { KeyContext, KeyWrapper, WrappedKey } from '../kms/key-wrapper.ts';
import { KeyCache } from './key-cache.ts';
import type { KeyRepository, KeyStanding } from './key-repository.ts';

/** For so long a process may open with a key that was disabled, or fell below the floor, elsewhere. */
export const KEY_STATE_SECONDS = 2;
/** For so long it may after the key service began to refuse the root key. */
export const ROOT_KEY_SECONDS = 10;

/** Whether a version of a class opens nothing (any more). */
export type ClosedKeys = (keyClass: string, version: number) => boolean;

export interface KeyWatchOptions {
  readonly keys: KeyRepository;
  readonly keyWrapper: KeyWrapper;
  readonly region: string;
  readonly now?: (() => number) | undefined;
  /** No key of the tenant that `closed` names may be used from memory any more. Called at every look. */
  readonly onClosed: (tenantId: string, closed: ClosedKeys) => void;
  /** No key at all may be. */
  readonly onRefused: () => void;
}

interface Probe {
  readonly wrapped: WrappedKey;
  readonly context: KeyContext;
}

const MAX_TENANTS = 10_000;

/**
 * Notices within seconds that keys were closed while this process has them in memory: in the database, by
 * looking at their states, and at the key service, by opening one of them anew. A service that is merely away
 * closes nothing: then the lifetime of keys in memory counts.
 */
export class KeyWatch {
  readonly #options: KeyWatchOptions;
  readonly #now: () => number;
  readonly #looks: KeyCache<true>;
  /** By root key: something that it opened. */
  readonly #probes = new Map<string, Probe>();
  #askedAt = 0;
  #asking: Promise<void> | undefined;

  constructor(options: KeyWatchOptions) {
    const { now = () => performance.now() } = options;
    this.#options = options;
    this.#now = now;
    this.#looks = new KeyCache({ ttlMs: KEY_STATE_SECONDS * 1_000, maxEntries: MAX_TENANTS, now });
  }

  /** Resolves when what is known is young enough. Throws `service_unavailable` when the database is away. */
  async look(tenantId: string): Promise<void> {
    if (this.#looks.peek(tenantId) === undefined)
      await this.#looks.get(tenantId, () => this.#readStates(tenantId));
    const age = this.#now() - this.#askedAt;
    if (this.#probes.size === 0 || age < ROOT_KEY_SECONDS * 500) return;
    this.#asking ??= this.#unwrapAnew();
    // Half-way through nobody waits for the answer.
    if (age >= ROOT_KEY_SECONDS * 1_000) await this.#asking;
  }

  /** Takes note of what the key service has just opened. */
  opened(probe: Probe): void {
    if (this.#probes.size === 0) this.#askedAt = this.#now();
    this.#probes.set(probe.wrapped.rootKeyId, probe);
  }

  async #readStates(tenantId: string): Promise<true> {
    const { keys, region, onClosed } = this.#options;
    const closed = (await keys.standing({ tenantId, region })).filter(isClosed);
    const names = new Set(closed.map((key) => `${key.class}|${key.version}`));
    if (names.size > 0) onClosed(tenantId, (keyClass, version) => names.has(`${keyClass}|${version}`));
    return true;
  }

  /** One call a root key, however many wait for it. */
  async #unwrapAnew(): Promise<void> {
    const askedAt = this.#now();
    for (const [rootKeyId, { wrapped, context }] of this.#probes) {
      try {
        (await this.#options.keyWrapper.unwrap(wrapped, context)).fill(0);
      } catch (error) {
        if (!(error instanceof KeyServiceError) || error.isTransient) continue;
        this.#probes.delete(rootKeyId);
        this.#options.onRefused();
      }
    }
    this.#askedAt = askedAt;
    this.#asking = undefined;
  }
}

export function isClosed({ state, version, floor }: Omit<KeyStanding, 'class'>): boolean {
  return state === 'disabled' || state === 'destroyed' || version < floor;
}
