import { UserrefError } from '@userref/sdk-core';

/** Lets so many calls through in any minute. @throws UserrefError `rate_limited` */
export function createRateLimit({
  perMinute,
  now,
}: {
  readonly perMinute: number;
  /** Unix seconds. */
  readonly now: () => number;
}): () => void {
  const times: number[] = [];
  return () => {
    const at = now();
    while (times.length > 0 && (times[0] as number) <= at - 60) times.shift();
    if (times.length >= perMinute) throw new UserrefError('rate_limited');
    times.push(at);
  };
}
