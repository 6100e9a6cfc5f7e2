import { UserrefError } from '@userref/sdk-core';

/**
 * What `work` gives, if it does so in time. Work that is late goes on by itself: others may wait for a part of it,
 * such as the keys of the core.
 * @throws UserrefError `network_failed`
 */
export async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_done, fail) => {
    const detail = 'The core did not answer in time.';
    timer = setTimeout(() => fail(new UserrefError('network_failed', { detail })), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
