/** What was used lately, by text. */
export interface Recent<Value> {
  get(text: string): Value | undefined;
  set(text: string, value: Value): void;
  /** Begins a new generation: what nobody asks for before the next one is forgotten then. */
  age(): void;
}

interface Entry<Value> {
  readonly text: string;
  readonly value: Value;
}

/** A session is about a kilobyte: a few megabytes in all. */
const CAPACITY = 5_000;

/**
 * The end of a sealed text is its authentication tag, by which an entry is found; the whole text decides. Hashing
 * the whole text at every request had cost more than all the rest.
 */
const TAIL = 24;
const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };

/**
 * Opened cookies, so that a visitor's next request need not decrypt again. Two generations instead of a strict
 * order: what is used moves to the young one, and the old one goes as a whole when the young one is full.
 */
export function createRecent<Value>(capacity = CAPACITY): Recent<Value> {
  let young = new Map<string, Entry<Value>>();
  let old = new Map<string, Entry<Value>>();

  function age(): void {
    old = young;
    young = new Map();
  }

  function keep(entry: Entry<Value>): void {
    if (young.size >= capacity / 2) age();
    young.set(entry.text.slice(-TAIL), entry);
  }

  return {
    age,
    set: (text, value) => keep({ text: copyOf(text), value }),
    get(text) {
      const tail = text.slice(-TAIL);
      const known = young.get(tail);
      if (known !== undefined) return known.text === text ? known.value : undefined;
      const aged = old.get(tail);
      if (aged?.text !== text) return undefined;
      keep(aged);
      return aged.value;
    },
  };
}

/** A slice of a header would keep the whole header in memory, with the cookies of others in it. */
function copyOf(text: string): string {
  return utf8.decoder.decode(utf8.encoder.encode(text));
}
