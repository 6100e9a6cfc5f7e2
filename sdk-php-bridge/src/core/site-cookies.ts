import type { Userref } from '@userref/sdk-core';

/** A cookie for PHP to set: host-only, `Path=/`, `HttpOnly`, `SameSite=Lax`. */
export interface SiteCookie {
  readonly name: string;
  readonly value: string;
  /** Seconds; 0 removes it. */
  readonly max_age: number;
  readonly secure: boolean;
}

/** What an answer of the SDK sets: cookies for the browser, and the session, which stays in PHP's own storage. */
export interface SortedCookies {
  readonly cookies: readonly SiteCookie[];
  /** Left out when the session is not touched. */
  readonly session_handle?: string;
}

/**
 * The SDK keeps a session in a sealed cookie. PHP has sessions of its own, so the sealed text is kept there as
 * `session_handle`, and shown to the SDK again as the cookie that it is.
 */
export interface SiteCookies {
  /** A `Cookie` header of the browser's login cookies and the session that PHP keeps. */
  headerOf(given: {
    readonly cookies?: Readonly<Record<string, string>> | undefined;
    readonly sessionHandle?: string | undefined;
  }): string;
  sort(setCookies: readonly string[]): SortedCookies;
}

const SET_COOKIE = /^([^=;]+)=([^;]*);.*?\bMax-Age=(\d+)/;

export function createSiteCookies(userref: Pick<Userref, 'clearSession'>): SiteCookies {
  const session = nameOf(userref.clearSession()[0] ?? '');
  return {
    headerOf({ cookies = {}, sessionHandle }) {
      const pairs = Object.entries(cookies).filter(([name]) => name.startsWith(`${session}-`));
      if (sessionHandle !== undefined) pairs.push([session, sessionHandle]);
      return pairs.map(([name, value]) => `${name}=${value}`).join('; ');
    },
    sort(setCookies) {
      const all = setCookies.map(parse);
      const held = all.find(({ name }) => name === session);
      return {
        cookies: all.filter((cookie) => cookie !== held),
        ...(held && held.value !== '' && { session_handle: held.value }),
      };
    },
  };
}

function parse(line: string): SiteCookie {
  const [, name = '', value = '', maxAge = '0'] = SET_COOKIE.exec(line) ?? [];
  return { name, value, max_age: Number(maxAge), secure: /; Secure$/.test(line) };
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf('='));
}
