import { UserrefError } from '../../errors/userref-error.ts';

/** A store that is away makes the core deliver again: 503 `service_unavailable`. */
export async function applied<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UserrefError) throw cause;
    throw new UserrefError('service_unavailable', { detail: 'The event could not be applied.', cause });
  }
}
