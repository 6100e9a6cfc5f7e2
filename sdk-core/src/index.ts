/**
 * Userref for any JavaScript server: people sign in by `user_ref`, and the site asks the person's cell for
 * what they agreed to share. Start with `createUserref`. Web APIs only: runs on Node, Edge and Deno.
 *
 * Error codes, event types and the names exported here stay stable within a major version; messages and the
 * format of cookies do not.
 *
 * @module @userref/sdk-core
 */

export type { AttributeValue } from './attributes/attributes.ts';
export { Attributes } from './attributes/attributes.ts';
export type { FetchAttributesRequest } from './attributes/fetch-attributes.ts';
export type {
  SiteAttributeName,
  SiteAttributes,
  SitePurpose,
  SitePurposes,
} from './attributes/site-attributes.ts';
export type { Userref } from './create-userref.ts';
export { createUserref } from './create-userref.ts';
export { ConsentRequiredError } from './errors/consent-required-error.ts';
export { LoginFailedError } from './errors/login-failed-error.ts';
export type { ErrorCode, UserrefErrorOptions } from './errors/userref-error.ts';
export { UserrefError } from './errors/userref-error.ts';
export type {
  AssuranceLevel,
  AttributeName,
  AttributeValues,
  EventType,
  RevocationReason,
} from './generated/contract.ts';
export type { FinishedLogin, FinishLoginRequest } from './login/finish-login.ts';
export type { InitiatedLoginRequest } from './login/initiated-login.ts';
export type { StartedLogin, StartLoginRequest } from './login/start-login.ts';
export type { EndedSession } from './logout/end-session.ts';
export type { LogoutToken } from './logout/logout-token.ts';
export type { UserrefOptions, UserrefPaths } from './options/options.ts';
export type { Passport, PassportStatus } from './passport/passport.ts';
export type { PassportRefusal } from './passport/refusal.ts';
export type { PassportExpectations, VerifyPassport } from './passport/verify-passport.ts';
export type { SealedAttributes, SealRequest, UnsealRequest } from './sealed/sealed-attributes.ts';
export { memorySessionStore } from './session/memory-session-store.ts';
export type { RevisedSession, SessionChanges } from './session/revise-session.ts';
export type { Session, SessionFields } from './session/session.ts';
export type { SessionCheck, SessionRefusal } from './session/session-cookie.ts';
export type { SessionStore } from './session/session-store.ts';
export type { OfflineStatus } from './status-list/check-status.ts';
export type { EventPage, FetchEventsRequest } from './webhooks/fetch-events.ts';
export type { HandledWebhook } from './webhooks/handle-webhook.ts';
export type { EventCursor, PollEventsRequest } from './webhooks/poll-events.ts';
export type { UnknownWebhookEvent, WebhookEvent } from './webhooks/webhook-event.ts';
export type { WebhookRequest } from './webhooks/webhook-request.ts';
