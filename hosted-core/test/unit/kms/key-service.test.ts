import { describe, expect, it } from 'vitest';
import type { KeyDriver } from '../../../src/cell/kms/key-driver.ts';
import { keyServiceOf } from '../../../src/cell/kms/key-service.ts';
import { KeyServiceError } from '../../../src/cell/kms/key-service-error.ts';
import { ManualTiming } from '../../support/kms-timing.ts';
import { errorOf } from './support.ts';

/** Binds the context by writing it down. */
function honest(state: { wraps: number; away: boolean }): KeyDriver {
  return {
    rootKeyId: 'honest',
    async wrap(plainKey, context) {
      state.wraps += 1;
      if (state.away) throw new KeyServiceError('denied', 'away');
      return { rootKeyId: 'honest', blob: Buffer.concat([plainKey, Buffer.from(JSON.stringify(context))]) };
    },
    async unwrap({ blob }, context) {
      if (blob.subarray(32).toString() !== JSON.stringify(context))
        throw new KeyServiceError('damaged', 'context');
      return Buffer.from(blob.subarray(0, 32));
    },
  };
}

describe('the check of a key service', () => {
  it('is content with one that binds the context', async () => {
    const service = keyServiceOf(honest({ wraps: 0, away: false }), { region: 'eu' });
    expect(await service.check()).toEqual({
      rootKeyId: 'honest',
      wrapMs: expect.any(Number),
      unwrapMs: expect.any(Number),
    });
  });

  it('finds out one that opens a key under another context', async () => {
    const careless: KeyDriver = {
      ...honest({ wraps: 0, away: false }),
      unwrap: async ({ blob }) => Buffer.from(blob.subarray(0, 32)),
    };
    const error = await errorOf(keyServiceOf(careless, { region: 'eu' }).check());
    expect(error).toMatchObject({
      code: 'integrity_error',
      logDetail: expect.stringContaining('another context'),
    });
  });

  it('finds out one that gives back another key', async () => {
    const wrong: KeyDriver = { ...honest({ wraps: 0, away: false }), unwrap: async () => Buffer.alloc(32) };
    const error = await errorOf(keyServiceOf(wrong, { region: 'eu' }).check());
    expect(error).toMatchObject({
      code: 'integrity_error',
      logDetail: expect.stringContaining('another key'),
    });
  });
});

describe('the readiness of a key service', () => {
  it('is asked of the service at most every 30 seconds, however often it is probed', async () => {
    const state = { wraps: 0, away: false };
    const timing = new ManualTiming();
    const service = keyServiceOf(honest(state), { region: 'eu', timing });
    await Promise.all(Array.from({ length: 50 }, service.ready));
    await timing.pass(29_999);
    await service.ready();
    expect(state.wraps).toBe(1);
    await timing.pass(1);
    await service.ready();
    expect(state.wraps).toBe(2);
  });

  it('turns red within 30 seconds, and green within 2 seconds of the service', async () => {
    const state = { wraps: 0, away: false };
    const timing = new ManualTiming();
    const service = keyServiceOf(honest(state), { region: 'eu', timing });
    await service.ready();
    state.away = true;
    await timing.pass(30_000);
    expect((await errorOf(service.ready())).code).toBe('service_unavailable');
    state.away = false;
    await timing.pass(1_999);
    await errorOf(service.ready());
    await timing.pass(1);
    await service.ready();
  });
});
