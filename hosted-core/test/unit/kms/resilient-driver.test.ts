import { describe, expect, it } from 'vitest';
import { KeyServiceError } from '../../../src/cell/kms/key-service-error.ts';
import { type ResilienceOptions, resilientDriver } from '../../../src/cell/kms/resilient-driver.ts';
import { ManualTiming } from '../../support/kms-timing.ts';
import { context, errorOf, scriptedDriver } from './support.ts';

const plain = Buffer.alloc(32, 7);
const wrapped = { rootKeyId: 'scripted', blob: Buffer.of(1) };
const throttled = () => new KeyServiceError('throttled', 'slow down');
const unavailable = () => new KeyServiceError('unavailable', 'away');

/** A wrapper around a service whose answers are taken from a list, the last one for ever. */
function scripted(answers: (() => unknown)[], options: ResilienceOptions = {}) {
  const timing = new ManualTiming();
  const state = { calls: 0, running: 0, most: 0, answers, signals: [] as AbortSignal[] };
  const wrapper = resilientDriver(
    scriptedDriver(async (_plain, _context, { signal }) => {
      const answer = state.answers[Math.min(state.calls, state.answers.length - 1)];
      state.calls += 1;
      state.signals.push(signal);
      state.most = Math.max(state.most, ++state.running);
      try {
        return (await answer?.()) as typeof wrapped;
      } finally {
        state.running -= 1;
      }
    }),
    { timing, ...options },
  );
  return { timing, state, wrap: () => wrapper.wrap(plain, context), wrapper };
}
const raise = (make: () => Error) => () => {
  throw make();
};
const good = () => wrapped;
const never = () => new Promise(() => {});

describe('a call that fails for a moment', () => {
  it('is repeated up to four times, with pauses that double and a random part of each', async () => {
    const { timing, state, wrap } = scripted([raise(throttled), raise(throttled), raise(unavailable), good]);
    timing.chance = 0.9;
    const result = wrap();
    await timing.pass(1_000);
    expect(await result).toBe(wrapped);
    expect(state.calls).toBe(4);
    expect(timing.delays).toEqual([2_000, 45, 90, 180]);
  });

  it('fails with what the service said last when it does not pass', async () => {
    const { timing, state, wrap } = scripted([raise(throttled)]);
    const error = errorOf(wrap());
    await timing.pass(1_000);
    expect(await error).toMatchObject({
      code: 'service_unavailable',
      fault: 'throttled',
      retryAfterSeconds: 5,
    });
    expect(state.calls).toBe(4);
  });

  it.each(['denied', 'damaged'] as const)('is not repeated when it is %s', async (fault) => {
    const { state, wrap } = scripted([raise(() => new KeyServiceError(fault, 'no'))]);
    expect(await errorOf(wrap())).toMatchObject({ fault });
    expect(state.calls).toBe(1);
  });

  it('is not repeated when the defect is ours', async () => {
    const { state, wrap } = scripted([raise(() => new TypeError('ours'))]);
    await expect(wrap()).rejects.toThrow(TypeError);
    expect(state.calls).toBe(1);
  });
});

describe('a service that hangs', () => {
  it('is given up after two seconds, and the driver is told to let go', async () => {
    const { timing, state, wrap } = scripted([never]);
    const error = errorOf(wrap());
    await timing.pass(1_999);
    expect(state.signals[0]?.aborted).toBe(false);
    await timing.pass(1);
    expect(await error).toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 5 });
    expect(state.signals[0]?.aborted).toBe(true);
  });

  it('counts waiting between attempts as well', async () => {
    const { timing, state, wrap } = scripted([raise(unavailable)], { attempts: 50, firstPauseMs: 900 });
    timing.chance = 0.6;
    const error = errorOf(wrap());
    await timing.pass(2_000);
    await error;
    expect(state.calls).toBe(5);
    const calls = state.calls;
    await timing.pass(60_000);
    expect(state.calls).toBe(calls);
  });

  it('holds no more than 16 callers at once, and those in line only as long', async () => {
    const { timing, state, wrap } = scripted([never]);
    const errors = Array.from({ length: 100 }, () => errorOf(wrap()));
    await timing.pass(1_000);
    expect(state.calls).toBe(16);
    await timing.pass(1_000);
    for (const error of await Promise.all(errors)) expect(error.code).toBe('service_unavailable');
  });
});

describe('many callers at once', () => {
  it('are served 16 at a time until all are served', async () => {
    const { timing, state, wrap } = scripted([
      () => new Promise((done) => timing.after(10, () => done(wrapped))),
    ]);
    const results = Promise.all(Array.from({ length: 1_000 }, wrap));
    await timing.pass(1_000);
    expect(await results).toHaveLength(1_000);
    expect(state.most).toBe(16);
  });

  it('are turned away at once when more than 1,000 wait', async () => {
    const { timing, state, wrap } = scripted([
      () => new Promise((done) => timing.after(10, () => done(wrapped))),
    ]);
    const outcomes = Promise.allSettled(Array.from({ length: 1_100 }, wrap));
    await timing.pass(1_000);
    const refused = (await outcomes).filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(1_100 - 1_016);
    expect(state.calls).toBe(1_016);
  });

  it('do not open the circuit by being turned away: that says nothing about the service', async () => {
    const slowFailure = () => new Promise((_done, fail) => timing.after(10, () => fail(unavailable())));
    const limit = { running: 1, waiting: 0 };
    const { timing, state, wrap } = scripted([slowFailure], { limit, attempts: 1 });
    const running = errorOf(wrap());
    for (let count = 0; count < 10; count += 1) await errorOf(wrap());
    await timing.pass(10);
    await running;
    state.answers = [good];
    expect(await wrap()).toBe(wrapped);
  });

  it('get their places back from calls that never return', async () => {
    const { timing, state, wrap } = scripted([never], { breaker: { failures: 1_000, openMs: 5_000 } });
    const hung = Array.from({ length: 16 }, () => errorOf(wrap()));
    await timing.pass(2_000);
    await Promise.all(hung);
    state.answers.push(good);
    expect(await wrap()).toBe(wrapped);
  });
});

describe('the circuit breaker', () => {
  async function open(answers: (() => unknown)[] = [raise(unavailable)]) {
    const one = scripted(answers, { attempts: 1 });
    for (let count = 0; count < 5; count += 1) await errorOf(one.wrap());
    return one;
  }

  it('leaves the service alone after five failures in a row, and says for how long', async () => {
    const { timing, state, wrap } = await open();
    await timing.pass(1_500);
    expect(await errorOf(wrap())).toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 4 });
    expect(state.calls).toBe(5);
  });

  it('lets one caller try after five seconds, and the others in when that works', async () => {
    const { timing, state, wrap } = await open();
    state.answers = [() => new Promise((done) => timing.after(10, () => done(wrapped)))];
    await timing.pass(5_000);
    const [probe, other] = [wrap(), errorOf(wrap())];
    expect(await other).toMatchObject({ code: 'service_unavailable' });
    await timing.pass(10);
    expect(await probe).toBe(wrapped);
    expect(state.calls).toBe(6);
    state.answers = [good];
    await Promise.all([wrap(), wrap()]);
  });

  it('closes again at once when the one that tries fails', async () => {
    const { timing, state, wrap } = await open();
    await timing.pass(5_000);
    await errorOf(wrap());
    await errorOf(wrap());
    expect(state.calls).toBe(6);
  });

  it('does not count successes, refusals and damaged blobs as failures', async () => {
    const refusal = raise(() => new KeyServiceError('denied', 'disabled'));
    const damage = raise(() => new KeyServiceError('damaged', 'tag'));
    for (const between of [good, refusal, damage]) {
      const fail = raise(unavailable);
      const { state, wrap } = scripted([fail, fail, fail, fail, between, fail, fail, fail, fail, good], {
        attempts: 1,
      });
      for (let count = 0; count < 9; count += 1) await wrap().catch(() => {});
      expect(await wrap()).toBe(wrapped);
      expect(state.calls).toBe(10);
    }
  });
});
