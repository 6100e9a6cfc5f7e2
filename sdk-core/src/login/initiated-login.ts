import type { SiteAttributeName, SitePurpose } from '../attributes/site-attributes.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { Services } from '../services.ts';
import { type StartedLogin, startLogin } from './start-login.ts';

/** A request to the login path: of a link on the site, or from the core. */
export interface InitiatedLoginRequest {
  /** The address that was asked for; only its query is looked at. */
  readonly url: string;
  readonly cookieHeader?: string | null | undefined;
}

/**
 * A login that a link started: the core's (OpenID Connect Core §4, with `iss` and `target_link_uri`) or one
 * of the site's own pages. Query: `iss`, `attributes` (comma-separated), `purpose`, `return_to`, and
 * `started_by=page` where no person asked for it.
 * @throws UserrefError `issuer_mismatch`, `return_to_rejected`, `unknown_attribute`, `purpose_required`
 */
export async function startInitiatedLogin(
  services: Services,
  { url, cookieHeader }: InitiatedLoginRequest,
): Promise<StartedLogin> {
  const { options } = services;
  const { searchParams: query } = new URL(url, options.baseUrl);
  const issuers = query.getAll('iss');
  if (issuers.some((issuer) => issuer !== options.issuer)) throw new UserrefError('issuer_mismatch');
  // A link may name anything; the core decides what this site may ask for.
  const attributes = query.get('attributes')?.split(/[ ,]+/).filter(Boolean) as
    | SiteAttributeName[]
    | undefined;
  return startLogin(services, {
    returnTo: query.get('return_to') ?? sameOriginPath(query.get('target_link_uri'), options.baseUrl),
    attributes,
    purpose: (query.get('purpose') ?? undefined) as SitePurpose | undefined,
    cookieHeader,
    startedBy: query.get('started_by') === 'page' ? 'page' : undefined,
  });
}

/** `target_link_uri` is a whole address; what is not on this site is left for `safeReturnTo` to refuse. */
function sameOriginPath(target: string | null, baseUrl: string): string | undefined {
  if (target === null || target === baseUrl) return undefined;
  return target.startsWith(`${baseUrl}/`) ? target.slice(baseUrl.length) : target;
}
