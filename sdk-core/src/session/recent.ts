/** What was used lately, by text. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** A session is about a kilobyte: a few megabytes in all. */
const CAPACITY = 5_000;

/**
 * Opened cookies, so that a visitor's next request need not decrypt again. Two generations instead of a strict
 * order: what is used moves to the young one, and the old one goes as a whole when the young one is full.
 */
export function createRecent<Value>(capacity = CAPACITY): Recent<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();

  function set(key: string, value: Value): void {
    if (young.size >= capacity / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }

  return {
    set,
    get(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const aged = old.get(key);
      if (aged !== undefined) set(key, aged);
      return aged;
    },
  };
}
