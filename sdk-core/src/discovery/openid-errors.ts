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

/** What an OAuth endpoint answered instead of what was asked for. */
export interface OAuthRefusal {
  /** `invalid_grant` and the like; the description stays out, as somebody else wrote it. */
  readonly code: string;
  readonly isTransient: boolean;
}

export function oauthRefusalOf(error: unknown): OAuthRefusal | null {
  if (error instanceof ResponseBodyError) {
    const code = CODE_FORM.test(error.error) ? error.error : 'unknown_error';
    return { code, isTransient: error.status === 429 };
  }
  const response = error instanceof Error ? error.cause : null;
  if (!(response instanceof Response)) return null;
  return {
    code: `status ${response.status}`,
    isTransient: response.status >= 500 || response.status === 429,
  };
}

/** The error without the request and answer that openid-client attaches: they hold codes and tokens. */
export function withoutPayload(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error('unknown');
  return new Error(`${name}: ${message}`);
}
