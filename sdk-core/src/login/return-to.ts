import { UserrefError } from '../errors/userref-error.ts';
import type { ResolvedOptions } from '../options/options.ts';

const MAX_LENGTH = 2048;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSAFE = /[\x00-\x20\x7f\\]/;
const UNSAFE_IN_PATH = /%(?:0[0-9a-f]|1[0-9a-f]|7f|5c)|^\/%2f/i;

/**
 * A path of this site, with query and fragment, that a browser can only read as such. What proxies or
 * browsers could take for another host is refused: `//host`, `/\host`, `/.//host`, encoded forms of these.
 * @throws UserrefError `return_to_rejected`
 */
export function safeReturnTo(returnTo: unknown, options: Pick<ResolvedOptions, 'baseUrl' | 'paths'>): string {
  if (returnTo === undefined) return '/';
  if (typeof returnTo !== 'string' || returnTo.length > MAX_LENGTH) throw rejected();
  if (!/^\/(?!\/)/.test(returnTo) || UNSAFE.test(returnTo)) throw rejected();
  const [path = ''] = returnTo.split(/[?#]/, 1);
  if (UNSAFE_IN_PATH.test(path) || !URL.canParse(returnTo, options.baseUrl)) throw rejected();
  const url = new URL(returnTo, options.baseUrl);
  if (url.origin !== options.baseUrl || url.pathname.startsWith('//')) throw rejected();
  // Coming back to one of our own addresses would start the login, or end the session, all over again.
  if (Object.values(options.paths).includes(url.pathname)) throw rejected();
  return url.pathname + url.search + url.hash;
}

function rejected(): UserrefError {
  return new UserrefError('return_to_rejected');
}
