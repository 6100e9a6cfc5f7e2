/**
 * What framework SDKs are made of: describe a request as an `IncomingRequest`, send an `Answer`. Start with
 * `createAdapter`; `@userref/sdk-express` is an example. Sites use the SDK of their framework instead.
 *
 * @module @userref/sdk-core/adapter
 */

export type { Adapter } from './adapter.ts';
export { createAdapter } from './adapter.ts';
export type { AdapterHooks, AdapterOptions } from './adapter-options.ts';
export type { Answer } from './answer.ts';
export { headersOfSitePage, toResponse, withCookies } from './answer.ts';
export type { ConsentQuestion, ConsentState } from './consent-state.ts';
export type { ErrorPage, PageLink } from './http/error-page.ts';
export { isPrefetch } from './http/prefetch.ts';
export { isSameOrigin } from './http/same-origin.ts';
export { isPageLoad, wantsHtml } from './http/wants-html.ts';
export { collectBody } from './incoming-body.ts';
export type { IncomingRequest } from './incoming-request.ts';
export { incomingOf } from './incoming-request.ts';
export type { LinkedLogin } from './login-path.ts';
export type { PurgeEvent, PurgeResult } from './purge-event.ts';
export type { RevokedEvent } from './revoked-event.ts';
export type { ConsentRequest, LoginRequest, User, Visit, WriteCookies } from './visit.ts';
