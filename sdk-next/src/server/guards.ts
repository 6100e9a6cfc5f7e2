import {
  type Attributes,
  ConsentRequiredError,
  type FetchAttributesRequest,
  type SiteAttributeName,
} from '@userref/sdk-core';
import type { ConsentQuestion, LinkedLogin, User, Visit } from '@userref/sdk-core/adapter';
import type { Site } from '../site/site.ts';
import type { CurrentVisit } from './current-visit.ts';
import { throwWithDigest } from './digest.ts';

/** Where a visitor comes back to. */
export interface RequireUserOptions {
  /** Where to come back to. Default: the page that is being rendered, where `proxy` runs; otherwise `/`. */
  readonly returnTo?: string;
}

/** For what consent is needed, and where to come back to. */
export interface RequireConsentOptions extends ConsentQuestion, RequireUserOptions {}

export type FetchAttributes = Visit['fetchAttributes'];

type Current = () => Promise<CurrentVisit>;

export async function requireUser(current: Current, { returnTo }: RequireUserOptions = {}): Promise<User> {
  const { site, visit, page } = await current();
  if (visit.user !== null) return visit.user;
  return sendTo(site, { returnTo: returnTo ?? page });
}

export async function requireConsent(
  current: Current,
  names: readonly SiteAttributeName[],
  { purpose, optional = [], returnTo }: RequireConsentOptions,
): Promise<User> {
  const { site, visit, page } = await current();
  const { state, missing } = visit.consentState(names, { purpose, optional });
  const isAskable = state === 'askable' || visit.user === null;
  if (isAskable) {
    const attributes = [...new Set([...names, ...optional])];
    return sendTo(site, { attributes, purpose, returnTo: returnTo ?? page });
  }
  if (missing.length > 0) throwWithDigest(new ConsentRequiredError({ attributes: missing, purpose }));
  return visit.user as User;
}

export async function fetchAttributes<const Name extends SiteAttributeName>(
  current: Current,
  names: readonly Name[],
  request: FetchAttributesRequest,
): Promise<Attributes<Name>> {
  const { visit } = await current();
  return visit.fetchAttributes(names, request).catch(throwWithDigest);
}

/**
 * Loaded when it is called: Next.js knows this module by its name without an ending, in which Node.js finds no file,
 * and tests of a site load this package in plain Node.js.
 */
async function sendTo({ adapter, basePath }: Site, wish: LinkedLogin): Promise<never> {
  const { redirect } = await import('next/navigation');
  const path = adapter.loginPath({ ...wish, startedBy: 'page' });
  // `redirect` puts the `basePath` before it.
  return redirect(path.slice(basePath.length));
}
