export interface KeyCacheOptions {
  readonly ttlMs: number;
  /** When full, the entry that was loaded first makes room. */
  readonly maxEntries: number;
  readonly now?: () => number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly expiresAt: number;
}

/**
 * Holds keys for a short time, and never more than so many. However many callers miss at once, one load
 * runs per name; a failed load is not remembered. An entry's time starts when it was loaded and is not
 * prolonged by use.
 */
export class KeyCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #loading = new Map<string, Promise<Value>>();
  readonly #ttlMs: number;
  readonly #maxEntries: number;
  readonly #now: () => number;

  constructor({ ttlMs, maxEntries, now = () => performance.now() }: KeyCacheOptions) {
    this.#ttlMs = ttlMs;
    this.#maxEntries = maxEntries;
    this.#now = now;
  }

  /** The live value at hand, without loading. */
  peek(name: string): Value | undefined {
    const entry = this.#entries.get(name);
    if (!entry) return undefined;
    if (entry.expiresAt > this.#now()) return entry.value;
    this.#entries.delete(name);
    return undefined;
  }

  /** For what its owner has made. */
  put(name: string, value: Value): void {
    this.#entries.delete(name);
    this.#entries.set(name, { value, expiresAt: this.#now() + this.#ttlMs });
    while (this.#entries.size > this.#maxEntries) {
      const oldest = this.#entries.keys().next().value as string;
      this.#entries.delete(oldest);
    }
  }

  async get(name: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.peek(name);
    if (known !== undefined) return known;
    const underWay = this.#loading.get(name);
    if (underWay) return underWay;
    return this.#load(name, load);
  }

  /** What is still being loaded is asked for without a value, and not remembered when chosen. */
  deleteWhere(chosen: (name: string, value: Value | undefined) => boolean): void {
    for (const [name, { value }] of this.#entries) if (chosen(name, value)) this.#entries.delete(name);
    for (const name of this.#loading.keys()) if (chosen(name, undefined)) this.#loading.delete(name);
  }

  get size(): number {
    return this.#entries.size;
  }

  #load(name: string, load: () => Promise<Value>): Promise<Value> {
    const isOurs = () => this.#loading.get(name) === loading;
    const loading = load()
      .then((value) => {
        if (isOurs()) this.put(name, value);
        return value;
      })
      .finally(() => {
        if (isOurs()) this.#loading.delete(name);
      });
    this.#loading.set(name, loading);
    return loading;
  }
}
