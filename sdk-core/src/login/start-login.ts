import {
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  calculatePKCECodeChallenge,
} from 'openid-client';
import { checkAttributeRequest } from '../attributes/attribute-request.ts';
import type { SiteAttributeName, SitePurpose } from '../attributes/site-attributes.ts';
import { randomToken } from '../crypto/random.ts';
import type { CoreConnection } from '../discovery/core-connection.ts';
import { oauthRefusalOf, transportFailure, withoutPayload } from '../discovery/openid-errors.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { AssuranceLevel } from '../generated/contract.ts';
import type { ResolvedOptions } from '../options/options.ts';
import type { Services } from '../services.ts';
import { acrValues, checkStepUp } from './assurance.ts';
import { checkPreview } from './check-preview.ts';
import type { LoginTransaction } from './login-transaction.ts';
import { countHop } from './loop-breaker.ts';
import { safeReturnTo } from './return-to.ts';

/** What a login asks for; without anything it is a sign-in. */
export interface StartLoginRequest {
  /** A path of this site to come back to, such as `/checkout?step=2`. Default `/`. */
  readonly returnTo?: string | undefined;
  /** Attributes to ask the person for; needs `purpose`. Without, the login shares nothing but the `user_ref`. */
  readonly attributes?: readonly SiteAttributeName[] | undefined;
  /** Why: the id of a purpose that is registered for this site. */
  readonly purpose?: SitePurpose | undefined;
  /** `login` asks to sign in again, `none` never shows a page. Default `consent` when attributes are asked. */
  readonly prompt?: 'login' | 'consent' | 'none' | undefined;
  /** Longest time since the person signed in, in seconds; otherwise they sign in again. */
  readonly maxAgeSeconds?: number | undefined;
  /**
   * Step-up: how sure the core must be of the person. They sign in again unless `prompt` says otherwise, and a login
   * that comes back with less is refused with `insufficient_user_authentication`.
   */
  readonly assuranceLevel?: AssuranceLevel | undefined;
  /** Languages of the core's pages, best first (BCP 47). */
  readonly uiLocales?: readonly string[] | undefined;
  /** Where the sign-in begins, where the region's sign-in service can do that. Default `sign_in`. */
  readonly firstScreen?: FirstScreen | undefined;
  /**
   * What the person typed already, such as an e-mail address, up to 320 characters. Personal data: it goes in the pushed
   * request only, and is left out when the core takes none.
   */
  readonly loginHint?: string | undefined;
  /** The request's `Cookie` header: keeps the number of open logins at 5 and notices loops. */
  readonly cookieHeader?: string | null | undefined;
  /** `page` when no person asked for it: such logins are counted, see `login_loop`. Default `visitor`. */
  readonly startedBy?: 'visitor' | 'page' | undefined;
}

export type FirstScreen =
  | 'sign_in'
  | 'register'
  | 'reset_password'
  | 'identifier:sign_in'
  | 'identifier:register'
  | 'single_sign_on';

/** Where the browser goes, and what goes with it. */
export interface StartedLogin {
  /** Send the browser here, with 303 or 302. */
  readonly url: string;
  /** `Set-Cookie` values that must go with it. */
  readonly setCookies: readonly string[];
}

const LOCALE = /^[A-Za-z0-9-]{1,35}$/;

/**
 * Pushes the request (RFC 9126) where the core offers it, and gives the address to send the browser to.
 * @throws UserrefError `return_to_rejected`, `unknown_attribute`, `purpose_required`, `unknown_purpose`,
 *   `invalid_request` (a step-up that cannot be meant), `login_loop`, `login_request_refused`, `preview_refused`, `discovery_failed`, `network_failed`
 */
export async function startLogin(services: Services, request: StartLoginRequest): Promise<StartedLogin> {
  const { options, names, transactions } = services;
  const returnTo = safeReturnTo(request.returnTo, options);
  if (request.attributes?.length) checkAttributeRequest(request.attributes, request.purpose);
  checkStepUp(request);
  const now = options.now();
  const counted = request.startedBy === 'page' ? [countHop(request.cookieHeader, { names, now })] : [];
  const transaction: LoginTransaction = {
    state: randomToken(),
    nonce: randomToken(),
    codeVerifier: randomToken(),
    returnTo,
    startedAt: now,
    purpose: request.attributes?.length ? request.purpose : undefined,
    maxAgeSeconds: request.maxAgeSeconds,
    assuranceLevel: request.assuranceLevel,
  };
  const connection = await services.connector.connect();
  checkPreview(options, connection);
  const parameters = await authorizationParameters(services, { connection, request, transaction });
  const url = await authorizationUrl(services, connection, parameters);
  const cookies = await transactions.begin(transaction, request.cookieHeader);
  return { url: url.href, setCookies: [...cookies, ...counted] };
}

async function authorizationParameters(
  { options }: Services,
  {
    connection,
    request,
    transaction,
  }: {
    connection: CoreConnection;
    request: StartLoginRequest;
    transaction: LoginTransaction;
  },
): Promise<Record<string, string>> {
  const attributes = request.attributes ?? [];
  const prompt = request.prompt ?? usualPrompt(request);
  const locales = (request.uiLocales ?? []).filter((locale) => LOCALE.test(locale));
  return {
    response_type: 'code',
    redirect_uri: options.baseUrl + options.paths.callback,
    scope: ['openid', ...attributes].join(' '),
    resource: connection.cell,
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: await calculatePKCECodeChallenge(transaction.codeVerifier),
    code_challenge_method: 'S256',
    ...(transaction.purpose === undefined ? {} : { purpose: transaction.purpose }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(request.maxAgeSeconds === undefined ? {} : { max_age: String(request.maxAgeSeconds) }),
    ...(request.assuranceLevel === undefined ? {} : { acr_values: acrValues(request.assuranceLevel) }),
    ...(locales.length === 0 ? {} : { ui_locales: locales.join(' ') }),
    ...(request.firstScreen === undefined ? {} : { first_screen: request.firstScreen }),
    ...(request.loginHint ? { login_hint: request.loginHint } : {}),
  };
}

function usualPrompt({ attributes = [], assuranceLevel }: StartLoginRequest): string | undefined {
  const prompts = [assuranceLevel && 'login', attributes.length > 0 && 'consent'].filter(Boolean);
  return prompts.length === 0 ? undefined : prompts.join(' ');
}

async function authorizationUrl(
  { options, transport }: Services,
  connection: CoreConnection,
  parameters: Record<string, string>,
): Promise<URL> {
  const client = connection.client(transport);
  if (connection.metadata.pushed_authorization_request_endpoint === undefined) {
    const { login_hint: _personal, ...rest } = parameters;
    return buildAuthorizationUrl(client, rest);
  }
  try {
    return await buildAuthorizationUrlWithPAR(client, parameters);
  } catch (cause) {
    throw transportFailure(cause) ?? pushRefused(cause, options);
  }
}

function pushRefused(cause: unknown, { isPreview, baseUrl }: ResolvedOptions): UserrefError {
  const answer = oauthRefusalOf(cause);
  // The core has one code for whatever is wrong with a request; of what we send, a preview's address alone is not fixed.
  if (isPreview && answer?.code === 'invalid_request')
    return new UserrefError('preview_refused', {
      detail: `The core refused the login request. It may not know ${baseUrl} as a preview of this site.`,
      cause: withoutPayload(cause),
    });
  const detail = `The core refused the login request${answer ? `: ${answer.code}` : ''}.`;
  return new UserrefError('login_request_refused', {
    detail,
    isTransient: answer?.isTransient,
    cause: withoutPayload(cause),
  });
}
