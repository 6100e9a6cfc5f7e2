/**
 * Userref for Express 4.19 and 5. Start with `app.use(userref({...}))`; then `requireUser()` and
 * `requireConsent()` guard routes, `req.userref` tells who is there, `res.userref` signs in and out.
 *
 * @module @userref/sdk-express
 */
import './augmentation.ts';

export type { Attributes, ErrorCode, SessionStore, UserrefOptions } from '@userref/sdk-core';
export { ConsentRequiredError, memorySessionStore, UserrefError } from '@userref/sdk-core';
export type {
  ConsentQuestion as RequireConsentOptions,
  ConsentRequest,
  ErrorPage,
  LoginRequest,
  PurgeEvent,
  PurgeResult,
  RevokedEvent,
  User,
} from '@userref/sdk-core/adapter';
export type { Guard } from './guards/guard.ts';
export { requireConsent } from './guards/require-consent.ts';
export { requireUser } from './guards/require-user.ts';
export type { RequestUserref } from './request-userref.ts';
export type { ResponseUserref } from './response-userref.ts';
export type { RenderError } from './send-answer.ts';
export type { ExpressUserrefOptions } from './userref.ts';
export { userref } from './userref.ts';
export { userrefErrors } from './userref-errors.ts';
