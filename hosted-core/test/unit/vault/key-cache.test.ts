import { describe, expect, it } from 'vitest';
import { KeyCache } from '../../../src/cell/vault/key-cache.ts';

function cacheWithClock(maxEntries = 10) {
  const clock = { ms: 0 };
  return { clock, cache: new KeyCache<string>({ ttlMs: 1_000, maxEntries, now: () => clock.ms }) };
}

describe('the key cache', () => {
  it('loads once for 1,000 callers that miss at the same time', async () => {
    const { cache } = cacheWithClock();
    let loads = 0;
    const load = async () => {
      loads += 1;
      await new Promise((done) => setTimeout(done, 5));
      return 'key';
    };
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => cache.get('a', load)));
    expect(new Set(answers)).toEqual(new Set(['key']));
    expect(loads).toBe(1);
  });

  it('loads again once the time of an entry is over, however often it was used', async () => {
    const { cache, clock } = cacheWithClock();
    let loads = 0;
    const load = async () => `key ${++loads}`;
    expect(await cache.get('a', load)).toBe('key 1');
    clock.ms = 999;
    expect(await cache.get('a', load)).toBe('key 1');
    clock.ms = 1_000;
    expect(await cache.get('a', load)).toBe('key 2');
  });

  it('does not remember a failure', async () => {
    const { cache } = cacheWithClock();
    await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.get('a', async () => 'key')).toBe('key');
  });

  it('holds no more than its bound and drops what was loaded first', async () => {
    const { cache } = cacheWithClock(3);
    for (const name of ['a', 'b', 'c', 'd']) await cache.get(name, async () => name);
    expect(cache.size).toBe(3);
    expect(cache.peek('a')).toBeUndefined();
    expect(cache.peek('d')).toBe('d');
  });
});
