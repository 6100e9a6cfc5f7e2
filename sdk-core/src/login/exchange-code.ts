import { authorizationCodeGrant } from 'openid-client';
import { oauthRefusalOf, transportFailure, withoutPayload } from '../discovery/openid-errors.ts';
import { isObject } from '../encoding/strict-json.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { Passport } from '../passport/passport.ts';
import type { Services } from '../services.ts';
import { checkAssurance } from './assurance.ts';
import type { CallbackParameters } from './callback-parameters.ts';
import type { LoginTransaction } from './login-transaction.ts';

export interface ExchangedTokens {
  readonly passport: Passport;
  readonly accessToken: string;
}

const ACCESS_TOKEN = /^[\x21-\x7e]{1,512}$/;

/** Exchanges the code (RFC 6749 §4.1.3) and verifies the passport that comes back. */
export async function exchangeCode(
  services: Services,
  callback: CallbackParameters,
  transaction: LoginTransaction,
): Promise<ExchangedTokens> {
  const { options, transport } = services;
  const connection = await services.connector.connect();
  const answer: { text?: string } = {};
  const client = connection.client(async (url, init) => {
    const response = await transport(url, init);
    answer.text = await response.clone().text();
    return response;
  });
  const currentUrl = new URL(options.baseUrl + options.paths.callback);
  currentUrl.search = callback.query.toString();
  const { nonce, state, codeVerifier, maxAgeSeconds, assuranceLevel } = transaction;
  try {
    const tokens = await authorizationCodeGrant(
      client,
      currentUrl,
      { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier },
      { resource: connection.cell },
    );
    const accessToken = checkAccessToken(tokens.access_token, tokens.token_type);
    const expected = { nonce, maxAgeSeconds, accessToken };
    const passport = await services.verifyPassport(tokens.id_token ?? '', expected);
    checkAssurance(passport.assuranceLevel, assuranceLevel);
    return { accessToken, passport };
  } catch (cause) {
    if (cause instanceof UserrefError) throw cause;
    await throwReasonOfPassport(services, answer.text, transaction);
    throw transportFailure(cause) ?? exchangeRefused(cause);
  }
}

/** openid-client looks at the ID token too; our verifier says why it is refused in the contract's words. */
async function throwReasonOfPassport(
  { verifyPassport }: Services,
  answer: string | undefined,
  { nonce, maxAgeSeconds }: LoginTransaction,
): Promise<void> {
  const passport = idTokenOf(answer);
  if (passport !== null) await verifyPassport(passport, { nonce, maxAgeSeconds });
}

function idTokenOf(answer: string | undefined): string | null {
  try {
    const body: unknown = JSON.parse(answer ?? '');
    return isObject(body) && typeof body.id_token === 'string' ? body.id_token : null;
  } catch {
    return null;
  }
}

function checkAccessToken(token: string, type: string): string {
  if (type === 'bearer' && ACCESS_TOKEN.test(token)) return token;
  throw new UserrefError('token_exchange_failed', { detail: 'The access token is no bearer token.' });
}

function exchangeRefused(cause: unknown): UserrefError {
  const answer = oauthRefusalOf(cause);
  const detail = answer ? `The core answered ${answer.code}.` : undefined;
  return new UserrefError('token_exchange_failed', {
    detail,
    isTransient: answer?.isTransient,
    cause: withoutPayload(cause),
  });
}
