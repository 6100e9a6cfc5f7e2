import { UserrefError } from '../errors/userref-error.ts';
import type { ResolvedOptions } from '../options/options.ts';

type Site = Pick<ResolvedOptions, 'baseUrl' | 'paths'>;

const MAX_LENGTH = 2048;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSAFE = /[\x00-\x20\x7f\\]/;
const UNSAFE_IN_PATH = /%(?:0[0-9a-f]|1[0-9a-f]|7f|5c)|^\/(?:\/|%2f)/i;

/**
 * A path of this site, with query and fragment, that a browser can only read as such. What proxies or
 * browsers could take for another host is refused: `//host`, `/\host`, `/.//host`, encoded forms of these.
 * @throws UserrefError `return_to_rejected`
 */
export function safeReturnTo(returnTo: unknown, options: Site): string {
  const safe = returnTo === undefined ? '/' : normalise(returnTo, options);
  if (safe === null) throw new UserrefError('return_to_rejected');
  return safe;
}

export function isSafeReturnTo(returnTo: unknown, options: Site): boolean {
  return normalise(returnTo, options) !== null;
}

function normalise(returnTo: unknown, options: Site): string | null {
  if (typeof returnTo !== 'string' || returnTo.length > MAX_LENGTH) return null;
  if (!/^\/(?!\/)/.test(returnTo) || UNSAFE.test(returnTo)) return null;
  if (!URL.canParse(returnTo, options.baseUrl)) return null;
  const url = new URL(returnTo, options.baseUrl);
  if (url.origin !== options.baseUrl || UNSAFE_IN_PATH.test(url.pathname)) return null;
  // Coming back to one of our own addresses would start the login, or end the session, all over again.
  if (Object.values(options.paths).includes(url.pathname)) return null;
  const path = url.pathname + url.search + url.hash;
  return path.length > MAX_LENGTH ? null : path;
}
