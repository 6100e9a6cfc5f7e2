import { LoginFailedError } from '../errors/login-failed-error.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { Services } from '../services.ts';
import { createSession, type Session } from '../session/session.ts';
import { type CallbackParameters, readCallback } from './callback-parameters.ts';
import { type ExchangedTokens, exchangeCode } from './exchange-code.ts';
import { LOGIN_TTL_SECONDS, type LoginTransaction } from './login-transaction.ts';

/** The request that the browser came back with. */
export interface FinishLoginRequest {
  /** The address that the browser came back to, whole or from the path on; only its query is looked at. */
  readonly url: string;
  /** The request's `Cookie` header. */
  readonly cookieHeader: string | null | undefined;
}

/** A login that succeeded: the session, and what goes into the answer. */
export interface FinishedLogin {
  readonly session: Session;
  /** A path of this site: send the browser there. */
  readonly returnTo: string;
  /** `Set-Cookie` values: the session, and the end of the transaction. */
  readonly setCookies: readonly string[];
}

/** Purposes remembered as asked; more than a visit has, and a bound for the cookie. */
const MAX_ASKED_PURPOSES = 8;
const OAUTH_ERROR = /^[a-z_]{1,64}$/;

/**
 * Takes a login that came back: state and browser, age, issuer, answer, code, passport, in this order. The
 * code goes to the core only when all before it fits.
 * @throws LoginFailedError with `login_state_missing`, `login_state_mismatch`, `login_expired`,
 *   `issuer_mismatch`, `login_denied`, `token_exchange_failed`, `insufficient_user_authentication`, a `passport_…`
 *   reason, `session_invalid` (it does not fit into a cookie), `discovery_failed`, `network_failed` or
 *   `service_unavailable` (the session store is away)
 */
export async function finishLogin(services: Services, request: FinishLoginRequest): Promise<FinishedLogin> {
  const { options, transactions } = services;
  const callback = readCallback(request.url, options.baseUrl);
  const transaction = await findTransaction(services, callback.state, request.cookieHeader);
  const setCookies = [transactions.end(transaction.state)];
  const { returnTo } = transaction;
  try {
    checkAnswer(services, callback, transaction);
    const tokens = await exchangeCode(services, callback, transaction);
    const session = await beginSession(services, tokens, { transaction, cookieHeader: request.cookieHeader });
    return { session, returnTo, setCookies: [...setCookies, await services.sessionCookie.write(session)] };
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    const { code, detail, isTransient, cause } = error;
    // Where the store is away, the denial is still what there is to tell.
    const asked = await rememberDenial(services, error, { transaction, request }).catch(() => []);
    const cookies = [...setCookies, ...asked];
    throw new LoginFailedError(code, { detail, isTransient, cause, setCookies: cookies, returnTo });
  }
}

async function findTransaction(
  { transactions }: Services,
  state: string | null,
  cookieHeader: string | null | undefined,
): Promise<LoginTransaction> {
  if (!transactions.hasAny(cookieHeader)) throw new LoginFailedError('login_state_missing');
  const transaction = state === null ? null : await transactions.find(state, cookieHeader);
  if (transaction === null) throw new LoginFailedError('login_state_mismatch');
  return transaction;
}

function checkAnswer(
  { options }: Services,
  callback: CallbackParameters,
  transaction: LoginTransaction,
): void {
  if (options.now() - transaction.startedAt > LOGIN_TTL_SECONDS) throw new UserrefError('login_expired');
  if (callback.issuer !== options.issuer) throw new UserrefError('issuer_mismatch');
  if (callback.error !== null) throw denied(callback.error);
  if (!callback.code)
    throw new UserrefError('login_denied', { detail: 'The core sent neither code nor error.' });
}

function denied(error: string): UserrefError {
  const name = OAUTH_ERROR.test(error) ? error : 'unknown_error';
  const isTransient = name === 'temporarily_unavailable' || name === 'server_error';
  return new UserrefError('login_denied', { detail: `The core answered ${name}.`, isTransient });
}

/** A visitor who was asked for attributes and turned back was asked all the same. */
async function rememberDenial(
  { options, sessionCookie }: Services,
  { code }: UserrefError,
  { transaction: { purpose }, request }: { transaction: LoginTransaction; request: FinishLoginRequest },
): Promise<readonly string[]> {
  if (code !== 'login_denied' || purpose === undefined) return [];
  const { session } = await sessionCookie.check(request.cookieHeader);
  if (session === null) return [];
  const askedPurposes = latest({ ...session.askedPurposes, [purpose]: options.now() });
  const { accessToken } = session;
  return [await sessionCookie.write(createSession({ ...session, askedPurposes }, accessToken))];
}

async function beginSession(
  { options, sessionCookie }: Services,
  { passport, accessToken }: ExchangedTokens,
  from: { readonly transaction: LoginTransaction; readonly cookieHeader: string | null | undefined },
): Promise<Session> {
  const { session: before } = await sessionCookie.check(from.cookieHeader);
  const asked = before?.userRef === passport.userRef ? before.askedPurposes : {};
  const { purpose } = from.transaction;
  const now = options.now();
  const { userRef, sid, consents, assuranceLevel, authTime, issuedAt } = passport;
  return createSession(
    {
      userRef,
      sid,
      consents,
      assuranceLevel,
      authTime,
      issuedAt,
      expiresAt: now + options.sessionTtlSeconds,
      askedPurposes: purpose === undefined ? asked : latest({ ...asked, [purpose]: now }),
    },
    accessToken,
  );
}

function latest(asked: Readonly<Record<string, number>>): Record<string, number> {
  const byTime = Object.entries(asked).sort(([, left], [, right]) => right - left);
  return Object.fromEntries(byTime.slice(0, MAX_ASKED_PURPOSES));
}
