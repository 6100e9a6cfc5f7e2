/**
 * Who is signed in, for client components on pages that stay static: `const { user } = useUser()`.
 *
 * @module @userref/sdk-next/client
 */
'use client';

export type { SignedInState, UseUserOptions } from './browser/use-user.ts';
export { useUser } from './browser/use-user.ts';
export type { PublicUser } from './site/public-user.ts';
