/**
 * Userref for the Pages Router of Next.js 15 and 16. Start with `createUserref`, and give its `handler` to
 * `pages/api/userref/[...userref].ts`.
 *
 * @module @userref/sdk-next/pages
 */

export type { Attributes, ErrorCode, SessionStore } from '@userref/sdk-core';
export { ConsentRequiredError, memorySessionStore, UserrefError } from '@userref/sdk-core';
export type { ErrorPage, PurgeEvent, PurgeResult, RevokedEvent, User } from '@userref/sdk-core/adapter';
export type { Visitor } from './handlers/with-user.ts';
export type { PagesUserref, RenderApiError, VisitorProps } from './pages/create-userref.ts';
export { createUserref } from './pages/create-userref.ts';
export type { GivenOptions, NextUserrefOptions, OptionsSource } from './site/options.ts';
