import { ResponseBodyError } from 'openid-client';
import { UserrefError } from '../errors/userref-error.ts';

/** openid-client wraps what its `fetch` throws; this finds our own `network_failed` again. */
export function transportFailure(error: unknown): UserrefError | null {
  for (let current = error, depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof UserrefError) return current;
    current = current.cause;
  }
  return null;
}

const CODE_FORM = /^[a-z_]{1,64}$/;

/**
 * The OAuth `error` and HTTP status of an answer, such as `invalid_grant (400)`. The description stays out:
 * a third party wrote it.
 */
export function oauthErrorOf(error: unknown): { code: string; isTransient: boolean } | null {
  if (!(error instanceof ResponseBodyError)) return null;
  const code = CODE_FORM.test(error.error) ? error.error : 'unknown_error';
  return { code, isTransient: error.status >= 500 || error.status === 429 };
}
