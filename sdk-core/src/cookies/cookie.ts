const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
/** A token between blanks: `trim()` takes away more, and would read a prefix where browsers saw none. */
const NAME = /^[ \t]*([\w!#$%&'*+.^`|~-]+)[ \t]*$/;

/**
 * The cookies of a request (RFC 6265 §5.4). Of two with one name the first counts, as browsers send the
 * most specific one first; a name or value outside the grammar counts as absent.
 */
export function readCookies(header: string | null | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const [, name] = NAME.exec(pair.slice(0, equals)) ?? [];
    const value = pair.slice(equals + 1).trim();
    if (name !== undefined && VALUE.test(value) && !cookies.has(name)) cookies.set(name, value);
  }
  return cookies;
}

/** The value of one cookie, as {@link readCookies} gives it; faster, for what every request asks. */
export function readCookie(header: string | null | undefined, name: string): string | undefined {
  if (!header) return undefined;
  for (let start = valueStart(header, name); start >= 0; start = valueStart(header, name, start)) {
    const value = valueAt(header, start);
    if (VALUE.test(value)) return value;
  }
  return undefined;
}

/** The value of the first cookie of this name, within the grammar or not: for who knows good values by heart. */
export function firstValue(header: string, name: string): string | undefined {
  const start = valueStart(header, name);
  return start < 0 ? undefined : valueAt(header, start);
}

/** Where the next value of a cookie of this name begins, or -1. */
function valueStart(header: string, name: string, from = 0): number {
  for (let at = header.indexOf(name, from); at >= 0; at = header.indexOf(name, at + name.length)) {
    const equals = at + name.length;
    if (header[equals] === '=' && startsPair(header, at)) return equals + 1;
  }
  return -1;
}

function valueAt(header: string, start: number): string {
  const end = header.indexOf(';', start);
  return header.slice(start, end < 0 ? undefined : end).trim();
}

/** Whether nothing but blanks stands between this place and the end of the pair before. */
function startsPair(header: string, at: number): boolean {
  for (let before = at - 1; before >= 0; before -= 1) {
    const character = header[before];
    if (character !== ' ' && character !== '\t') return character === ';';
  }
  return true;
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
