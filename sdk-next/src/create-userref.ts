import type { SiteAttributeName } from '@userref/sdk-core';
import type { User } from '@userref/sdk-core/adapter';
import { createHandlers, type Handlers } from './handlers/handlers.ts';
import { createWithUser, type WithUser } from './handlers/with-user.ts';
import { createProxy, type ProxyFunction } from './proxy.ts';
import { type ConsentGate, createConsentGate } from './server/consent-gate.ts';
import { currentVisit } from './server/current-visit.ts';
import {
  type FetchAttributes,
  fetchAttributes,
  type RequireConsentOptions,
  type RequireUserOptions,
  requireConsent,
  requireUser,
} from './server/guards.ts';
import type { OptionsSource } from './site/options.ts';
import { lazySite } from './site/site.ts';

/** Everything that a site on the App Router needs. */
export interface NextUserref {
  readonly handlers: Handlers;
  /** For `proxy.ts` of Next 16. */
  readonly proxy: ProxyFunction;
  /** The same, by the name that `middleware.ts` of Next 15 asks for. */
  readonly middleware: ProxyFunction;
  /** Who is signed in, in server components, route handlers and server actions; `null` for nobody. */
  getUser(): Promise<User | null>;
  /** Who is signed in; others are redirected to sign in, and come back. For pages and server actions. */
  requireUser(options?: RequireUserOptions): Promise<User>;
  /**
   * Lets visitors go on who share `names`. Others are asked once in a visit, and sign in on the way if need be.
   * What passes is a hint: the cell decides again at each fetch.
   * @throws ConsentRequiredError `consent_required` after a "no"; its `digest` is the code
   */
  requireConsent(names: readonly SiteAttributeName[], options: RequireConsentOptions): Promise<User>;
  /** Values, live; see `fetchAttributes` of `@userref/sdk-core` for the errors. `digest` of an error is its code. */
  fetchAttributes: FetchAttributes;
  readonly ConsentGate: ConsentGate;
  /**
   * For route handlers of an API: 401 `not_signed_in` when nobody is there, 403 `csrf_rejected` when another
   * site sends what changes something, and errors of the SDK as problem documents (RFC 9457).
   */
  readonly withUser: WithUser;
}

/**
 * Sets up the SDK for the App Router. Without options everything comes from the environment: `USERREF_ISSUER`,
 * `USERREF_SITE`, `USERREF_SITE_SECRET`, `USERREF_BASE_URL`, `USERREF_SESSION_SECRET`, `USERREF_WEBHOOK_SECRET`, and
 * `USERREF_PREVIEW_ORIGIN` on a preview.
 * Nothing is read or checked before the first request; then wrong options are `config_invalid`.
 */
export function createUserref(options: OptionsSource = {}): NextUserref {
  const site = lazySite(options);
  const current = currentVisit(site);
  const proxy = createProxy(site);
  return Object.freeze<NextUserref>({
    handlers: createHandlers(site),
    proxy,
    middleware: proxy,
    getUser: async () => (await current()).visit.user,
    requireUser: (wish) => requireUser(current, wish),
    requireConsent: (names, wish) => requireConsent(current, names, wish),
    fetchAttributes: (names, request) => fetchAttributes(current, names, request),
    ConsentGate: createConsentGate(current),
    withUser: createWithUser(site),
  });
}
