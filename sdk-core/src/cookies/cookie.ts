const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/**
 * The cookies of a request (RFC 6265 §5.4). Of two with one name the first counts, as browsers send the
 * most specific one first; a value outside the grammar counts as absent.
 */
export function readCookies(header: string | null | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (VALUE.test(value) && !cookies.has(name)) cookies.set(name, value);
  }
  return cookies;
}

export interface CookieAttributes {
  readonly secure: boolean;
  /** Seconds; 0 removes the cookie. */
  readonly maxAgeSeconds: number;
}

/** One `Set-Cookie` value: host-only, `Path=/`, `HttpOnly`, `SameSite=Lax`. */
export function writeCookie(
  name: string,
  value: string,
  { secure, maxAgeSeconds }: CookieAttributes,
): string {
  const end = secure ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${end}`;
}
