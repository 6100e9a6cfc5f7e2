import { CallLimit } from './call-limit.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { KeyCall, KeyDriver } from './key-driver.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { KeyContext, KeyWrapper, WrappedKey } from './key-wrapper.ts';
import { systemTiming, type Timing } from './timing.ts';

export interface ResilienceOptions {
  /** For one wrap or unwrap with all its attempts and waiting. Default 2,000. */
  readonly timeoutMs?: number;
  /** Default 4. */
  readonly attempts?: number;
  /** Upper bound of the first pause; it doubles each time, and each pause is a random part of it. Default 50. */
  readonly firstPauseMs?: number;
  /** Default 800. */
  readonly longestPauseMs?: number;
  /** Default: 5 failed calls in a row open it for 5,000 ms. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  /** Default: 16 calls at once, 1,000 in line. */
  readonly limit?: { readonly running: number; readonly waiting: number };
  readonly timing?: Timing;
}

export interface ResilientKeyWrapper extends KeyWrapper {
  rewrap?(wrapped: WrappedKey, context: KeyContext): Promise<WrappedKey>;
}

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1_000));

/**
 * Makes a driver fit to depend on: bounded in time and in number, repeated with exponential backoff and full
 * jitter when the fault may pass, and left alone for a while when it does not. The same for every driver.
 *
 * Refusals and damaged blobs are neither repeated nor held against the service: it did answer.
 */
export function resilientDriver(driver: KeyDriver, options: ResilienceOptions = {}): ResilientKeyWrapper {
  const { timing = systemTiming, timeoutMs = 2_000 } = options;
  const breaker = new CircuitBreaker({ ...(options.breaker ?? { failures: 5, openMs: 5_000 }), timing });
  const limit = new CallLimit(options.limit ?? { running: 16, waiting: 1_000 });

  async function run<T>(attempt: (call: KeyCall) => Promise<T>): Promise<T> {
    const wait = breaker.enter();
    if (wait > 0)
      throw new KeyServiceError('unavailable', 'left alone after repeated failures', {
        retryAfterSeconds: seconds(wait),
      });
    let asked = false;
    try {
      const result = await inTime(timeoutMs, timing, (signal) =>
        inLine(limit, signal, () => {
          asked = true;
          return repeated(() => attempt({ signal }), { ...options, signal, timing });
        }),
      );
      breaker.answered();
      return result;
    } catch (error) {
      // What never left our own line says nothing about the service, nor does a defect of ours.
      if (!asked || !(error instanceof KeyServiceError)) breaker.leave();
      else if (error.isTransient) breaker.failed();
      else breaker.answered();
      throw error;
    }
  }

  const { rewrap } = driver;
  return {
    wrap: (plainKey, context) => run((call) => driver.wrap(plainKey, context, call)),
    unwrap: (wrapped, context) => run((call) => driver.unwrap(wrapped, context, call)),
    ...(rewrap && {
      rewrap: (wrapped: WrappedKey, context: KeyContext) =>
        run((call) => rewrap.call(driver, wrapped, context, call)),
    }),
  };
}

/** Gives up when the time is over, even on a driver that takes no notice of its signal. */
function inTime<T>(ms: number, timing: Timing, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const cancel = timing.after(ms, () => {
      const late = new KeyServiceError('unavailable', `no answer in ${ms} ms`);
      controller.abort(late);
      reject(late);
    });
    work(controller.signal).then(resolve, reject).finally(cancel);
  });
}

async function inLine<T>(limit: CallLimit, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const done = await limit.take(signal);
  if (!done) throw new KeyServiceError('unavailable', 'too many calls are waiting');
  // A driver that never comes back must not keep its place for ever.
  signal.addEventListener('abort', done, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', done);
    done();
  }
}

async function repeated<T>(
  attempt: () => Promise<T>,
  options: ResilienceOptions & { signal: AbortSignal; timing: Timing },
): Promise<T> {
  const { attempts = 4, firstPauseMs = 50, longestPauseMs = 800, signal, timing } = options;
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (error) {
      const transient = error instanceof KeyServiceError && error.isTransient;
      if (!transient || made >= attempts || signal.aborted) throw error;
      await pause(timing.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (made - 1)), signal, timing);
    }
  }
}

/** Ends early when the time is over: nobody waits for the next attempt then. */
function pause(ms: number, signal: AbortSignal, timing: Timing): Promise<void> {
  return new Promise((resolve, reject) => {
    const gaveUp = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = timing.after(ms, () => {
      signal.removeEventListener('abort', gaveUp);
      resolve();
    });
    signal.addEventListener('abort', gaveUp, { once: true });
  });
}
