import { UserrefError } from '../../errors/userref-error.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * What may be registered as an address that the browser is sent to (RFC 9700 §2.1): https, or http on
 * loopback; no fragment, no credentials, no wildcard, and written exactly as it will be compared.
 * @throws UserrefError `invalid_request` that says which rule was broken
 */
export function checkRedirectUri(uri: string): void {
  const problem = problemOf(uri);
  if (problem) throw new UserrefError('invalid_request', { detail: `The address ${problem}.` });
}

function problemOf(uri: string): string | undefined {
  if (!URL.canParse(uri)) return 'is no absolute URL';
  const url = new URL(uri);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) {
    return 'must use https (http only on localhost)';
  }
  if (uri.includes('*')) return 'must not hold a wildcard: register each address';
  if (uri.includes('#')) return 'must not have a fragment';
  if (url.username || url.password) return 'must not hold credentials';
  // Browsers and servers normalise differently; only one spelling is accepted.
  if (url.href !== uri && url.href !== `${uri}/`) return `must be written in its normal form, ${url.href}`;
  return undefined;
}
