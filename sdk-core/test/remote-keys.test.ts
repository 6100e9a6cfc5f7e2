import { beforeEach, describe, expect, it } from 'vitest';
import { goodKeySet, publicJwk } from '../../docs/contract/passports/scenario.ts';
import type { KeySource } from '../src/passport/key-set.ts';
import { createRemoteKeys } from '../src/passport/remote-keys.ts';
import { codeOf } from './support/site.ts';

let now: number;
let loads: number;
let answer: () => Promise<unknown>;
let keys: KeySource;

beforeEach(() => {
  now = 1_767_225_600;
  loads = 0;
  answer = async () => goodKeySet;
  keys = createRemoteKeys({
    now: () => now,
    load: () => {
      loads += 1;
      return answer();
    },
  });
});

describe('the issuer’s key set', () => {
  it('is fetched once for all who ask at the same time', async () => {
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.find('es256')));
    expect(found.every((key) => key !== null)).toBe(true);
    expect(loads).toBe(1);
  });

  it('is not fetched again for ten thousand unknown keys within the cooldown', async () => {
    await keys.find('es256');
    for (let count = 0; count < 10_000; count += 1) expect(await keys.find(`unknown-${count}`)).toBeNull();
    expect(loads).toBe(1);
    now += 30;
    for (let count = 0; count < 10_000; count += 1) await keys.find(`unknown-${count}`);
    expect(loads).toBe(2);
    expect(await keys.find('es256')).not.toBeNull();
  });

  it('brings a new key at the first passport that names it', async () => {
    await keys.find('es256');
    now += 31;
    answer = async () => ({ keys: [...goodKeySet.keys, publicJwk('es256Stranger', { kid: 'new' })] });
    expect(await keys.find('new')).not.toBeNull();
    expect(loads).toBe(2);
  });

  it('is renewed in the background, without making a known key wait', async () => {
    await keys.find('es256');
    now += 601;
    answer = () => new Promise(() => undefined);
    expect(await keys.find('es256')).not.toBeNull();
    expect(loads).toBe(2);
  });

  it.each([
    ['cannot be fetched', () => Promise.reject(new Error('away'))],
    ['is no key set', async () => '<h1>Hello</h1>'],
    ['suddenly holds a private key', async () => ({ keys: [{ ...publicJwk('es256'), d: 'AAAA' }] })],
    ['suddenly holds one kid twice', async () => ({ keys: [goodKeySet.keys[0], goodKeySet.keys[0]] })],
  ])('stays the last good one for a day when the new one %s', async (_, bad) => {
    await keys.find('es256');
    answer = bad;
    now += 86_400;
    expect(await keys.find('es256')).not.toBeNull();
    now += 31;
    expect(await codeOf(keys.find('es256'))).toBe('network_failed');
    answer = async () => goodKeySet;
    now += 31;
    expect(await keys.find('es256')).not.toBeNull();
  });

  it('is renewed after a clock that was a year ahead is put right', async () => {
    now += 31_536_000;
    await keys.find('es256');
    now -= 31_536_000;
    answer = async () => ({ keys: [...goodKeySet.keys, publicJwk('es256Stranger', { kid: 'new' })] });
    expect(await keys.find('new')).not.toBeNull();
    expect(loads).toBe(2);
  });

  it('is asked for again after a first failure', async () => {
    answer = () => Promise.reject(new Error('away'));
    await expect(keys.find('es256')).rejects.toThrow('away');
    answer = async () => goodKeySet;
    expect(await keys.find('es256')).not.toBeNull();
  });
});
