import { readCookies, writeCookie } from '../cookies/cookie.ts';
import type { CookieNames } from '../cookies/cookie-names.ts';
import { UserrefError } from '../errors/userref-error.ts';

const MAX_HOPS = 5;
const WINDOW_SECONDS = 30;
const FORM = /^\d{1,12}(?:\.\d{1,12}){0,4}$/;

/**
 * Counts logins that a page started by itself. The sixth within 30 seconds is refused with `login_loop`:
 * the visitor sees a cause instead of a browser that spins. Fewer happen to visitors who stop sharing and check out again, in
 * a browser whose router asks twice. The cookie is not sealed, as only its owner
 * would be fooled by a false one.
 */
export function countHop(
  cookieHeader: string | null | undefined,
  { names, now }: { readonly names: CookieNames; readonly now: number },
): string {
  const value = readCookies(cookieHeader).get(names.hops) ?? '';
  const hops = FORM.test(value) ? value.split('.').map(Number) : [];
  const recent = hops.filter((hop) => hop <= now && now - hop < WINDOW_SECONDS);
  if (recent.length >= MAX_HOPS) throw new UserrefError('login_loop');
  const counted = [...recent, now].join('.');
  return writeCookie(names.hops, counted, { secure: names.secure, maxAgeSeconds: WINDOW_SECONDS });
}
