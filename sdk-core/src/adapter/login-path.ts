import type { UserrefPaths } from '../options/options.ts';

/** A login that a link or a redirect within the site starts. */
export interface LinkedLogin {
  /** A path of this site to come back to. Default `/`. */
  readonly returnTo?: string | undefined;
  /** Attributes to ask for; needs `purpose`. */
  readonly attributes?: readonly string[] | undefined;
  readonly purpose?: string | undefined;
  /** `page` when no person asked for it, so that loops are noticed. */
  readonly startedBy?: 'visitor' | 'page' | undefined;
}

/** The address on this site that starts a login: for links, and for redirects where no cookie can be set. */
export function loginPath({ login }: Pick<UserrefPaths, 'login'>, request: LinkedLogin): string {
  const { returnTo, attributes = [], purpose, startedBy } = request;
  const query = new URLSearchParams();
  if (attributes.length > 0) query.set('attributes', attributes.join(','));
  if (purpose !== undefined) query.set('purpose', purpose);
  if (returnTo !== undefined) query.set('return_to', returnTo);
  if (startedBy === 'page') query.set('started_by', 'page');
  return query.size === 0 ? login : `${login}?${query}`;
}
