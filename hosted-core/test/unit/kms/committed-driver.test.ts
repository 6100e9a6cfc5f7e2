import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { committedDriver } from '../../../src/cell/kms/committed-driver.ts';
import type { KeyDriver } from '../../../src/cell/kms/key-driver.ts';
import { call, context, errorOf } from './support.ts';

/** A service that keeps nothing secret and checks nothing: all that is refused here, the commitment refuses. */
const naive: KeyDriver = {
  rootKeyId: 'naive',
  wrap: async (plainKey) => ({ rootKeyId: 'naive', blob: Buffer.from(plainKey) }),
  unwrap: async ({ blob }) => Buffer.from(blob),
  rewrap: async ({ blob }) => ({ rootKeyId: 'naive-2', blob: Buffer.concat([blob, blob]) }),
};
const driver = committedDriver(naive);
const HEADER = 33;

describe('the commitment in front of a blob', () => {
  it('lets the key through that was wrapped', async () => {
    const plain = randomBytes(32);
    const wrapped = await driver.wrap(plain, context, call);
    expect(wrapped.blob).toHaveLength(HEADER + 32);
    expect(wrapped.blob[0]).toBe(2);
    expect(await driver.unwrap(wrapped, context, call)).toEqual(plain);
  });

  it('has a form that never changes', async () => {
    const { blob } = await driver.wrap(Buffer.alloc(32, 1), context, call);
    expect(blob.subarray(0, HEADER).toString('hex')).toBe(
      '02018b526c68c6adda5b9ae329a4206c7bfa0487f5bbb12a2b9bc1576669509a06',
    );
  });

  it.each([{ tenant: 'b' }, { region: 'us' }, { class: 'identity' }, { version: 2 }])(
    'finds out a service that takes no notice of the context: %o',
    async (difference) => {
      const wrapped = await driver.wrap(randomBytes(32), context, call);
      const error = await errorOf(driver.unwrap(wrapped, { ...context, ...difference }, call));
      expect(error.code).toBe('integrity_error');
    },
  );

  it.each([0, 31, 33, 64])('finds out a service that gives back %i bytes', async (length) => {
    const { rootKeyId, blob } = await driver.wrap(randomBytes(32), context, call);
    const answering = committedDriver({ ...naive, unwrap: async () => Buffer.alloc(length) });
    const error = await errorOf(answering.unwrap({ rootKeyId, blob }, context, call));
    expect(error.code).toBe('integrity_error');
  });

  it('wipes a key that it does not let through', async () => {
    const wrapped = await driver.wrap(randomBytes(32), context, call);
    const given = randomBytes(32);
    await errorOf(committedDriver({ ...naive, unwrap: async () => given }).unwrap(wrapped, context, call));
    expect(given).toEqual(Buffer.alloc(32));
  });

  it('refuses blobs of another format, without asking the service', async () => {
    let asked = 0;
    const counting = committedDriver({ ...naive, unwrap: async () => Buffer.alloc(++asked) });
    for (const blob of [
      Buffer.alloc(0),
      Buffer.of(2),
      Buffer.alloc(61, 1),
      Buffer.alloc(100, 3),
      Buffer.alloc(33, 2),
    ])
      expect((await errorOf(counting.unwrap({ rootKeyId: 'naive', blob }, context, call))).code).toBe(
        'integrity_error',
      );
    expect(asked).toBe(0);
  });

  it('refuses to wrap what is no key', async () => {
    await expect(driver.wrap(Buffer.alloc(16), context, call)).rejects.toThrow(TypeError);
  });

  it('stays in front when the service moves a blob to a newer root key', async () => {
    const wrapped = await driver.wrap(randomBytes(32), context, call);
    const moved = await driver.rewrap?.(wrapped, context, call);
    expect(moved?.rootKeyId).toBe('naive-2');
    expect(moved?.blob.subarray(0, HEADER)).toEqual(wrapped.blob.subarray(0, HEADER));
    expect(moved?.blob).toHaveLength(HEADER + 64);
  });

  it('gives no ability to a driver that it does not have', () => {
    const { rewrap: _, ...plainDriver } = naive;
    expect(committedDriver(plainDriver)).not.toHaveProperty('rewrap');
  });
});
