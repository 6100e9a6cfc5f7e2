/**
 * Userref for Next.js 15 and 16, App Router. Start with `export const userref = createUserref()` in a file of
 * its own, and give `userref.handlers` to `app/userref/[...userref]/route.ts`. For client components see
 * `@userref/sdk-next/client`, for the Pages Router `@userref/sdk-next/pages`.
 *
 * Nothing here is a server action, and nothing that signs in can be called from a browser but by its address.
 *
 * @module @userref/sdk-next
 */

export type { Attributes, ErrorCode, SessionStore } from '@userref/sdk-core';
export { ConsentRequiredError, memorySessionStore, UserrefError } from '@userref/sdk-core';
export type { ErrorPage, PurgeEvent, PurgeResult, RevokedEvent, User } from '@userref/sdk-core/adapter';
export type { NextUserref } from './create-userref.ts';
export { createUserref } from './create-userref.ts';
export type { Handlers } from './handlers/handlers.ts';
export type { Visitor, VisitorHandler, WithUser } from './handlers/with-user.ts';
export type { ProxyFunction } from './proxy.ts';
export type { ConsentGate, ConsentGateProps, Refusal } from './server/consent-gate.ts';
export type { FetchAttributes, RequireConsentOptions, RequireUserOptions } from './server/guards.ts';
export type { GivenOptions, NextUserrefOptions, OptionsSource, RenderError } from './site/options.ts';
