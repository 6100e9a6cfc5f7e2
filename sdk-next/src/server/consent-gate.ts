import {
  type Attributes,
  ConsentRequiredError,
  type ErrorCode,
  type SiteAttributeName,
  type SitePurpose,
  UserrefError,
} from '@userref/sdk-core';
import type { ReactNode } from 'react';
import type { CurrentVisit } from './current-visit.ts';
import { fetchAttributes } from './guards.ts';

/** Why a {@link ConsentGate} stays closed. */
export interface Refusal {
  /** Such as `consent_required`, `consent_expired`, `not_signed_in`, `session_revoked`, `service_unavailable`. */
  readonly code: ErrorCode;
  /** What is not shared; all names when something else is in the way. */
  readonly attributes: readonly string[];
  /** Whether trying again later makes sense. */
  readonly isTransient: boolean;
  /** An address that asks the visitor, for an `<a>`: they have the last word, and come back to this page. */
  readonly askPath: string;
}

/** What a gate needs, and what it shows. */
export interface ConsentGateProps<Name extends SiteAttributeName> {
  readonly names: readonly Name[];
  /** Why: the id of a purpose that is registered for this site. */
  readonly purpose: SitePurpose;
  /** Asked for along with the others by `askPath`, and not needed. */
  readonly optional?: readonly SiteAttributeName[];
  /** Where `askPath` comes back to. Default: the page that is being rendered, where `proxy` runs; otherwise `/`. */
  readonly returnTo?: string;
  /** Shown instead when the values may not be shown. Default: nothing. */
  readonly fallback?: ReactNode | ((refusal: Refusal) => ReactNode);
  /** Called with the values, on the server, after the person's cell has released them for this very request. */
  readonly children: (attributes: Attributes<Name>) => ReactNode;
}

/** A server component: `<ConsentGate names={['address:shipping']} purpose="order_delivery">{(shared) => …}</ConsentGate>`. */
export type ConsentGate = <const Name extends SiteAttributeName>(
  props: ConsentGateProps<Name>,
) => Promise<ReactNode>;

/** What a page cannot be written around: mistakes of the site itself. */
const DEFECTS: readonly ErrorCode[] = [
  'unknown_attribute',
  'purpose_required',
  'unknown_purpose',
  'config_invalid',
];

export function createConsentGate(current: () => Promise<CurrentVisit>): ConsentGate {
  return async (props) => {
    const { names, purpose, fallback = null, children } = props;
    const fetched = await fetchAttributes(current, names, { purpose }).catch(refusalOnly);
    if (!(fetched instanceof UserrefError)) return children(fetched);
    if (typeof fallback !== 'function') return fallback;
    return fallback(refusalOf(fetched, props, await current()));
  };
}

function refusalOnly(error: unknown): UserrefError {
  if (error instanceof UserrefError && !DEFECTS.includes(error.code)) return error;
  throw error;
}

function refusalOf(
  error: UserrefError,
  { names, purpose, optional = [], returnTo }: Omit<ConsentGateProps<SiteAttributeName>, 'children'>,
  { site, page }: CurrentVisit,
): Refusal {
  const attributes = error instanceof ConsentRequiredError ? error.attributes : names;
  const asked = [...new Set([...names, ...optional])];
  const askPath = site.adapter.loginPath({ attributes: asked, purpose, returnTo: returnTo ?? page });
  return { code: error.code, attributes, isTransient: error.isTransient, askPath };
}
