export interface CookieNames {
  readonly session: string;
  /** Followed by the first characters of the transaction's `state`. */
  readonly loginPrefix: string;
  readonly hops: string;
  /** Whether the cookies carry `Secure`. */
  readonly secure: boolean;
}

/**
 * `__Host-` over https: only this exact host can set them. Browsers refuse that over http, and cookies do
 * not know ports, so on the loopback the site's id keeps two sites of one machine apart.
 */
export function cookieNames({ baseUrl, site }: { baseUrl: string; site: string }): CookieNames {
  const secure = baseUrl.startsWith('https:');
  const stem = secure ? '__Host-userref' : `userref_${site.replace(/[^A-Za-z0-9_.-]/g, '_')}`;
  return { session: stem, loginPrefix: `${stem}-login-`, hops: `${stem}-hops`, secure };
}
