import { setTimeout as sleep } from 'node:timers/promises';

type Something<T> = Exclude<T, false | null | undefined | 0>;

/** No claim about how long anything takes: a machine that is busy with other tests is late with everything. */
const WITHIN_MS = 100_000;

/** Looks until there is something: not nothing, not zero, no empty list. */
export async function until<T>(look: () => T | Promise<T>, what = 'it'): Promise<Something<T>> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await look();
    if (found && !(Array.isArray(found) && found.length === 0)) return found as Something<T>;
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}`);
    await sleep(20);
  }
}
