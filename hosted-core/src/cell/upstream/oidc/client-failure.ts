import * as openid from 'openid-client';
import { UserrefError } from '../../../errors/userref-error.ts';

/**
 * The library's errors quote what was received, so only their kind goes on. A code or a token that the upstream
 * no longer honours means that this sign-in is over (`interaction_expired`): the person may start anew at once.
 */
export function clientFailure(error: unknown): UserrefError {
  if (error instanceof UserrefError) return error;
  const kind = kindOf(error);
  const logDetail = `upstream: ${kind}`;
  if (kind === 'invalid_grant' || kind === 'invalid_token')
    return new UserrefError('interaction_expired', { logDetail });
  return new UserrefError('upstream_unavailable', { logDetail, retryAfterSeconds: 5 });
}

function kindOf(error: unknown): string {
  if (error instanceof openid.ResponseBodyError) return known(error.error);
  if (error instanceof openid.WWWAuthenticateChallengeError) {
    // `Bearer` speaks of the person's token, `Basic` of our own secret.
    const bearer = error.cause.some(({ scheme }) => scheme.toLowerCase() === 'bearer');
    return bearer && error.status === 401 ? 'invalid_token' : `client_refused_${error.status}`;
  }
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}

/** OAuth error codes only; anything else that stands there is not ours to repeat. */
function known(error: string): string {
  return /^[a-z_]{1,60}$/.test(error) ? error : 'unknown_error';
}
