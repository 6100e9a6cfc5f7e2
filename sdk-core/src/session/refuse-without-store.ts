import { UserrefError } from '../errors/userref-error.ts';

/** A store that cannot answer means no session and an error, never a session. */
export function refuseWithoutStore(cause: unknown): never {
  throw new UserrefError('service_unavailable', { detail: 'The session store did not answer.', cause });
}
