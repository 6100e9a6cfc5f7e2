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

/** The value of one cookie, as {@link readCookies} gives it; faster, for what every request asks. */
export function readCookie(header: string | null | undefined, name: string): string | undefined {
  if (!header) return undefined;
  for (let at = header.indexOf(name); at >= 0; at = header.indexOf(name, at + name.length)) {
    const start = at + name.length;
    if (header[start] !== '=' || !startsPair(header, at)) continue;
    const end = header.indexOf(';', start);
    const value = header.slice(start + 1, end < 0 ? undefined : end).trim();
    if (VALUE.test(value)) return value;
  }
  return undefined;
}

/** Whether nothing but blanks stands between this place and the end of the pair before. */
function startsPair(header: string, at: number): boolean {
  let before = at - 1;
  while (header[before] === ' ' || header[before] === '\t') before -= 1;
  return before < 0 || header[before] === ';';
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
