import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memorySessionStore } from '../src/index.ts';
import { createRecent } from '../src/session/recent.ts';
import { SID, USER_REF } from '../testing/index.ts';
import { codeOf, SESSION_SECRET, signedIn, useTestSite } from './support/site.ts';

const { core, clock, create } = useTestSite();
const NAME = '__Host-userref';
const INVALID = { session: null, refusal: 'session_invalid' };

describe('a cookie that was opened before', () => {
  const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
  beforeEach(() => void decrypt.mockClear());
  afterEach(() => void decrypt.mockClear());

  it('is not decrypted again', async () => {
    const { userref, header } = await opened();
    for (let count = 0; count < 5; count += 1) {
      expect((await userref.readSession(`theme=dark; ${header}; n=${count}`))?.userRef).toBe(USER_REF);
    }
    expect(decrypt).toHaveBeenCalledTimes(0);
  });

  it('is refused after any change of a character', async () => {
    const { userref, sealed } = await opened();
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1);
      expect(await userref.checkSession(`${NAME}=${changed}`)).toEqual(INVALID);
    }
    for (const changed of [sealed.slice(1), sealed.slice(-24), `${sealed}A`, `A${sealed}`]) {
      expect(await userref.checkSession(`${NAME}=${changed}`)).toEqual(INVALID);
    }
  });

  it('counts where it counted at first: one that is no cookie does not hide it, another one before it does', async () => {
    const { userref, header } = await opened();
    expect(await userref.readSession(`${NAME}=a,b; ${header}`)).not.toBeNull();
    expect(await userref.readSession(`a=1;\t${header} ;b=2`)).not.toBeNull();
    expect(await userref.readSession(`${NAME}=forged; ${header}`)).toBeNull();
    expect(await userref.readSession(`${NAME}=; ${header}`)).toBeNull();
    expect(await userref.readSession(`x${header}`)).toBeNull();
  });

  it('is asked about at the store and by the clock at every request', async () => {
    const revocations = memorySessionStore({ clock: clock.clock });
    const isRevoked = vi.spyOn(revocations, 'isRevoked');
    const { userref, header } = await opened({ revocations, sessionTtlSeconds: 60 });
    isRevoked.mockClear();
    for (let count = 0; count < 3; count += 1) expect(await userref.readSession(header)).not.toBeNull();
    expect(isRevoked).toHaveBeenCalledTimes(3);
    isRevoked.mockImplementationOnce(() => Promise.reject(new Error('store away')));
    expect(await codeOf(userref.readSession(header))).toBe('service_unavailable');
    isRevoked.mockImplementationOnce(() => {
      throw new Error('store away');
    });
    expect(await codeOf(userref.readSession(header))).toBe('service_unavailable');
    await revocations.revokeSession(SID, clock.seconds + 1000, clock.seconds - 1000);
    expect(await userref.readSession(header)).not.toBeNull();
    await revocations.revokeSession(SID, clock.seconds + 1000);
    expect((await userref.checkSession(header)).refusal).toBe('session_revoked');
    clock.seconds += 60;
    expect((await userref.checkSession(header)).refusal).toBe('session_expired');
    expect(decrypt).toHaveBeenCalledTimes(0);
  });

  it('is known to nobody who has another secret, or the same one for another site', async () => {
    const { header } = await opened();
    const secrets = ['another session secret with more than 32 characters'];
    expect(await create({ sessionSecret: secrets }).readSession(header)).toBeNull();
    expect(await create({ site: 'shop-b' }).readSession(header)).toBeNull();
    expect(await create({ sessionSecret: [...secrets, SESSION_SECRET] }).readSession(header)).not.toBeNull();
  });

  it('is forgotten when nobody brings it for twenty minutes, and stays while somebody does', async () => {
    const { userref, header } = await opened();
    const other = (await signedIn(userref, core)).header;
    await userref.readSession(other);
    decrypt.mockClear();
    for (let minutes = 0; minutes < 60; minutes += 5) {
      clock.seconds += 300;
      expect(await userref.readSession(header)).not.toBeNull();
    }
    expect(decrypt).toHaveBeenCalledTimes(0);
    expect(await userref.readSession(other)).not.toBeNull();
    expect(decrypt).toHaveBeenCalledTimes(1);
  });

  it('is forgotten at the first request of anybody after a night without one', async () => {
    const { userref, header } = await opened();
    clock.seconds += 3 * 3600;
    await userref.readSession(undefined);
    expect(await userref.readSession(header)).not.toBeNull();
    expect(decrypt).toHaveBeenCalledTimes(1);
  });

  async function opened(options: Parameters<typeof create>[0] = {}) {
    const userref = create(options);
    const jar = await signedIn(userref, core);
    expect(await userref.readSession(jar.header)).not.toBeNull();
    decrypt.mockClear();
    return { userref, header: jar.header, sealed: jar.get(NAME) };
  }
});

describe('what is remembered by text', () => {
  it('is given for the whole text alone, however it ends', () => {
    const recent = createRecent<number>();
    const end = 'e'.repeat(40);
    recent.set(`a${end}`, 1);
    for (const other of [`b${end}`, end, `aa${end}`, end.slice(-24)]) {
      expect(recent.get(other)).toBeUndefined();
      recent.age();
      expect(recent.get(other)).toBeUndefined();
      expect(recent.get(`a${end}`)).toBe(1);
    }
  });

  it('goes when nobody asks for it between two generations', () => {
    const recent = createRecent<number>();
    recent.set('one', 1);
    recent.set('two', 2);
    recent.age();
    expect(recent.get('one')).toBe(1);
    recent.age();
    expect([recent.get('one'), recent.get('two')]).toEqual([1, undefined]);
  });

  it('does not keep the header in memory that it was cut out of', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const recent = createRecent<number>();
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 2000; count += 1) {
      const header = Buffer.from(`other=${'x'.repeat(16_000)}; ${String(count).padStart(300, 'y')}`);
      recent.set(header.toString('latin1').slice(-300), count);
    }
    collect();
    const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
    expect(recent.get(String(1999).padStart(300, 'y'))).toBe(1999);
    expect(megabytes).toBeLessThan(16);
  });
});
