import { systemTiming, type Timing } from '../kms/timing.ts';

export interface TimeLimit {
  readonly ms: number;
  /** What to throw when the time is over. */
  readonly late: () => Error;
  readonly timing?: Pick<Timing, 'after'> | undefined;
}

/** A service that hangs must not take its callers with it. */
export async function withinTime<T>(
  call: Promise<T>,
  { ms, late, timing = systemTiming }: TimeLimit,
): Promise<T> {
  let stop = () => {};
  const over = new Promise<never>((_resolve, reject) => {
    stop = timing.after(ms, () => reject(late()));
  });
  try {
    return await Promise.race([call, over]);
  } finally {
    stop();
  }
}
