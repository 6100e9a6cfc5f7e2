import type { Attributes } from './attributes/attributes.ts';
import { type FetchAttributesRequest, fetchAttributes } from './attributes/fetch-attributes.ts';
import type { SiteAttributeName } from './attributes/site-attributes.ts';
import { cookieNames } from './cookies/cookie-names.ts';
import { createSealer } from './crypto/sealer.ts';
import { createCoreConnector } from './discovery/core-connection.ts';
import { type FinishedLogin, type FinishLoginRequest, finishLogin } from './login/finish-login.ts';
import { type InitiatedLoginRequest, startInitiatedLogin } from './login/initiated-login.ts';
import { createLoginTransactions } from './login/login-transaction.ts';
import { isSafeReturnTo } from './login/return-to.ts';
import { type StartedLogin, type StartLoginRequest, startLogin } from './login/start-login.ts';
import { type EndedSession, endSession } from './logout/end-session.ts';
import { handleBackchannelLogout } from './logout/handle-backchannel-logout.ts';
import type { LogoutToken } from './logout/logout-token.ts';
import type { ResolvedOptions, UserrefOptions, UserrefPaths } from './options/options.ts';
import { resolveOptions } from './options/resolve-options.ts';
import { fetchKeys } from './passport/fetch-keys.ts';
import { parseKeySet } from './passport/key-set.ts';
import { createRemoteKeys } from './passport/remote-keys.ts';
import { createPassportVerifier, type VerifyPassport } from './passport/verify-passport.ts';
import {
  type SealedAttributes,
  type SealRequest,
  sealAttributes,
  type UnsealRequest,
  unseal,
} from './sealed/sealed-attributes.ts';
import { createSiteToken } from './sealed/site-token.ts';
import type { Services } from './services.ts';
import { type RevisedSession, reviseSession, type SessionChanges } from './session/revise-session.ts';
import type { Session } from './session/session.ts';
import { createSessionCookie, type SessionCheck } from './session/session-cookie.ts';
import type { SessionStore } from './session/session-store.ts';
import { fetchStatusList } from './status-list/fetch-status-list.ts';
import { createTransport } from './transport/transport.ts';
import { confirmPurge } from './webhooks/confirm-purge.ts';
import { type EventPage, type FetchEventsRequest, fetchEvents } from './webhooks/fetch-events.ts';
import { type HandledWebhook, handleWebhook } from './webhooks/handle-webhook.ts';
import { type PollEventsRequest, pollEvents } from './webhooks/poll-events.ts';
import { verifyWebhook } from './webhooks/verify-webhook.ts';
import type { WebhookEvent } from './webhooks/webhook-event.ts';
import type { WebhookRequest } from './webhooks/webhook-request.ts';

/** Everything a site needs, for any framework: strings of headers in, addresses and `Set-Cookie` values out. */
export interface Userref {
  readonly issuer: string;
  readonly site: string;
  readonly baseUrl: string;
  readonly paths: UserrefPaths;
  readonly revocations: SessionStore;
  /** Whether `startLogin` accepts this as `returnTo`: a path of this site and of nothing else. */
  isSafeReturnTo(returnTo: string): boolean;
  /**
   * Begins a login: an address to send the browser to, and cookies that must go with it.
   * @throws UserrefError `return_to_rejected`, `unknown_attribute`, `purpose_required`, `unknown_purpose`,
   *   `invalid_request`, `login_loop`, `login_request_refused`, `preview_refused`, `discovery_failed`, `network_failed`
   */
  startLogin(request?: StartLoginRequest): Promise<StartedLogin>;
  /**
   * As `startLogin`, with what a link to the login path asks for: `return_to`, `attributes`, `purpose`, or what the
   * core sends (OpenID Connect Core §4).
   * @throws UserrefError those of `startLogin`, and `issuer_mismatch`
   */
  startInitiatedLogin(request: InitiatedLoginRequest): Promise<StartedLogin>;
  /**
   * Takes the browser back: checks state and issuer, redeems the code, verifies the passport, seals a session.
   * @throws LoginFailedError with the cookies to set and where to go on; its `code` is `login_state_missing`,
   *   `login_state_mismatch`, `login_expired`, `login_denied`, `issuer_mismatch`, `token_exchange_failed`,
   *   `insufficient_user_authentication`, a `passport_…`, `session_invalid` (it does not fit into a cookie),
   *   `discovery_failed`, `network_failed` or `service_unavailable` (the session store is away)
   */
  finishLogin(request: FinishLoginRequest): Promise<FinishedLogin>;
  /**
   * The session of a request, or `null`: no cookie, a false one, expired or revoked.
   * @throws UserrefError `service_unavailable` when the session store does not answer
   */
  readSession(cookieHeader: string | null | undefined): Promise<Session | null>;
  /** As `readSession`, and why there is none. @throws UserrefError `service_unavailable` */
  checkSession(cookieHeader: string | null | undefined): Promise<SessionCheck>;
  /**
   * Writes the session again with other `consents` or `askedPurposes`.
   * @throws UserrefError `session_invalid` when it does not fit into a cookie
   */
  reviseSession(session: Session, changes: SessionChanges): Promise<RevisedSession>;
  /** `Set-Cookie` values that remove a session cookie which is of no use. */
  clearSession(): readonly string[];
  /**
   * Signs out here and at the core: cookies to set, and the core's address to send the browser to.
   * @throws UserrefError `service_unavailable` when the session store does not answer
   */
  endSession(request: { readonly cookieHeader: string | null | undefined }): Promise<EndedSession>;
  /**
   * Fetches values live from the person's cell: all that are named, or an error.
   * @throws ConsentRequiredError `consent_required`, `consent_expired`
   * @throws UserrefError `session_revoked`, `processing_restricted`, `insufficient_user_authentication`,
   *   `unknown_attribute`, `purpose_required`, `unknown_purpose`, `rate_limited`, `service_unavailable`,
   *   `attributes_unavailable`, `discovery_failed`, `network_failed`
   */
  fetchAttributes<const Name extends SiteAttributeName>(
    session: Session,
    names: readonly Name[],
    request: FetchAttributesRequest,
  ): Promise<Attributes<Name>>;
  /**
   * Has attributes sealed for one order; the site stores the envelope and cannot read it.
   * @throws ConsentRequiredError `consent_required`, `consent_expired`
   * @throws UserrefError `forbidden`, `not_found`, `processing_restricted`, `unknown_attribute`, `purpose_required`,
   *   `unknown_purpose`, `invalid_request`, `token_exchange_failed`, `invalid_token`, `rate_limited`,
   *   `service_unavailable`, `attributes_unavailable`, `discovery_failed`, `network_failed`
   */
  sealAttributes(
    of: Session | string,
    names: readonly SiteAttributeName[],
    request: SealRequest,
  ): Promise<SealedAttributes>;
  /**
   * Opens an envelope for the purpose and order that it was sealed for, while the person's consent lives.
   * @throws ConsentRequiredError `consent_required`, `consent_expired`
   * @throws UserrefError `sealed_invalid`, `sealed_mismatch`, `sealed_not_open_yet`, `sealed_expired`,
   *   `sealed_destroyed`, and what `sealAttributes` throws
   */
  unseal(sealed: string, request: UnsealRequest): Promise<Attributes>;
  /**
   * Verifies a passport for this site.
   * @throws UserrefError with a `passport_…` code that says why it is refused; `discovery_failed` or `network_failed`
   *   when the issuer's keys cannot be had, which says nothing about the passport
   */
  verifyPassport: VerifyPassport;
  /**
   * Checks headers, time and signature of an event over its raw body (Standard Webhooks); remembers nothing.
   * @throws UserrefError `webhook_headers_missing`, `webhook_timestamp_invalid`, `webhook_signature_invalid`,
   *   `webhook_body_parsed`, `webhook_body_invalid`, `config_invalid` without `webhookSecret` and `webhookPublicKey`
   */
  verifyWebhook(request: WebhookRequest): Promise<WebhookEvent>;
  /**
   * As `verifyWebhook`, and ends the sessions that the event is about, once. The same event again is a duplicate.
   * @throws UserrefError those of `verifyWebhook`; and whatever the session store throws: answer 503
   */
  handleWebhook(request: WebhookRequest): Promise<HandledWebhook>;
  /**
   * Ends the sessions that a back-channel logout names; `body` is the raw form-encoded body.
   * @throws UserrefError `logout_token_invalid`, `logout_token_replayed`; `discovery_failed` or `network_failed` when the
   *   issuer's keys cannot be had; and whatever the session store throws: answer 503
   */
  handleBackchannelLogout(request: { readonly body: Uint8Array | string }): Promise<LogoutToken>;
  /**
   * Events from the core, for a site that it cannot reach. They come as often as asked for.
   * @throws UserrefError `network_failed`, `not_found`, `webhook_body_invalid`
   */
  fetchEvents(request?: FetchEventsRequest): Promise<EventPage>;
  /** Keeps asking for them, ends the sessions that they name, and hands them on; see {@link PollEventsRequest}. */
  pollEvents(request: PollEventsRequest): Promise<void>;
  /**
   * Tells the core, signed with the webhook secret, that the data of an event is purged.
   * @throws UserrefError `config_invalid` without a secret, `not_found`, `network_failed`
   */
  confirmPurge(eventId: string): Promise<void>;
  /**
   * A status list to save, by `status.uri` of a passport; for `verifyPassport` while offline.
   * @throws UserrefError `passport_status_missing` for one of another issuer, `network_failed`
   */
  fetchStatusList(uri: string): Promise<string>;
  /**
   * The issuer's JWK set as it is published now, for a verifier elsewhere.
   * @throws UserrefError `passport_key_unusable` for one that no verifier takes, `discovery_failed`, `network_failed`
   */
  fetchKeys(): Promise<unknown>;
}

/**
 * Sets up the SDK. Checks all options at once and touches no network: discovery happens at the first login.
 * @throws UserrefError `config_invalid`, naming every option that is wrong
 */
export function createUserref(given: UserrefOptions): Userref {
  return userrefOf(createServices(resolveOptions(given)));
}

/** The public functions over the parts. */
export function userrefOf(services: Services): Userref {
  const { options } = services;
  const { issuer, site, baseUrl, paths, revocations } = options;
  return Object.freeze<Userref>({
    issuer,
    site,
    baseUrl,
    paths,
    revocations,
    isSafeReturnTo: (returnTo) => isSafeReturnTo(returnTo, options),
    startLogin: (request = {}) => startLogin(services, request),
    startInitiatedLogin: (request) => startInitiatedLogin(services, request),
    finishLogin: (request) => finishLogin(services, request),
    readSession: async (cookieHeader) => (await services.sessionCookie.check(cookieHeader)).session,
    checkSession: async (cookieHeader) => services.sessionCookie.check(cookieHeader),
    reviseSession: (session, changes) => reviseSession(services, session, changes),
    clearSession: () => [services.sessionCookie.clear()],
    endSession: (request) => endSession(services, request),
    fetchAttributes: (session, names, request) => fetchAttributes(services, session, { names, ...request }),
    sealAttributes: (of, names, request) => sealAttributes(services, of, { names, ...request }),
    unseal: (sealed, request) => unseal(services, sealed, request),
    verifyPassport: services.verifyPassport,
    verifyWebhook: (request) => verifyWebhook(options, request),
    handleWebhook: (request) => handleWebhook(options, request),
    handleBackchannelLogout: ({ body }) => handleBackchannelLogout(services, body),
    fetchEvents: (request = {}) => fetchEvents(services, request),
    pollEvents: (request) => pollEvents(services, request),
    confirmPurge: (eventId) => confirmPurge(services, eventId),
    fetchStatusList: (uri) => fetchStatusList(services, uri),
    fetchKeys: () => fetchGoodKeys(services),
  });
}

async function fetchGoodKeys({ connector, transport }: Services): Promise<unknown> {
  const set = await fetchKeys(connector, transport);
  parseKeySet(set);
  return set;
}

/** The parts, built once. */
export function createServices(options: ResolvedOptions): Services {
  const { issuer, site, now, sessionSecrets, revocations, clockToleranceSeconds: toleranceSeconds } = options;
  const names = cookieNames(options);
  const transport = createTransport({ fetch: options.fetch });
  const connector = createCoreConnector(options, transport);
  const keys = options.pinnedKeys ?? createRemoteKeys({ load: () => fetchKeys(connector, transport), now });
  const place = options.isPreview ? [issuer, site, options.baseUrl] : [issuer, site];
  const sealer = (use: string) => createSealer(sessionSecrets, [use, ...place]);
  return Object.freeze<Services>({
    options,
    names,
    transport,
    connector,
    transactions: createLoginTransactions(names, sealer('login')),
    sessionCookie: createSessionCookie({ names, sealer: sealer('session'), revocations, now }),
    siteToken: createSiteToken({ connector, transport, now }),
    keys,
    verifyPassport: createPassportVerifier({ issuer, site, keys, now, toleranceSeconds }),
  });
}
