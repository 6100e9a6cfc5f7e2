import { UserrefError } from '../errors/userref-error.ts';
import type { Services } from '../services.ts';
import { keptUntil } from '../session/kept-until.ts';
import { type LogoutToken, verifyLogoutToken } from './logout-token.ts';

/** A token is remembered a little longer than it lives. */
const MARGIN_SECONDS = 120;

/**
 * Takes the form-encoded body of a back-channel logout and ends the sessions that it names. The effects come
 * first: a request that failed half-way is done again by the next one.
 * @throws UserrefError `logout_token_invalid`, `logout_token_replayed`
 */
export async function handleBackchannelLogout(
  { options, keys }: Services,
  body: Uint8Array | string,
): Promise<LogoutToken> {
  const { issuer, site, revocations, clockToleranceSeconds: toleranceSeconds } = options;
  const now = options.now();
  const token = await verifyLogoutToken(tokenIn(body), { issuer, site, keys, now, toleranceSeconds });
  const until = keptUntil(now);
  if (token.sid !== null) await revocations.revokeSession(token.sid, until);
  else if (token.userRef !== null) await revocations.revokeUser(token.userRef, token.issuedAt, until);
  const isFirst = await revocations.rememberWebhook(`logout_${token.jti}`, token.expiresAt + MARGIN_SECONDS);
  if (!isFirst) throw new UserrefError('logout_token_replayed');
  return token;
}

function tokenIn(body: Uint8Array | string): string {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const tokens = new URLSearchParams(text).getAll('logout_token');
  if (tokens.length === 1) return tokens[0] as string;
  throw new UserrefError('logout_token_invalid', { detail: 'The body has no logout_token, or several.' });
}
