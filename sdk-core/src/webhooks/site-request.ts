import { UserrefError } from '../errors/userref-error.ts';
import type { Services } from '../services.ts';

/** Asks the core's API as the site itself, by its id and secret (RFC 6749 §2.3.1). */
export async function requestAsSite(
  { options, transport }: Services,
  path: string,
  init: { method: 'GET' | 'POST'; headers?: Record<string, string>; body?: Uint8Array<ArrayBuffer> },
): Promise<Response> {
  const { issuer, site, siteSecret } = options;
  const credentials = btoa(`${encodeURIComponent(site)}:${encodeURIComponent(siteSecret)}`);
  const response = await transport(issuer + path, {
    ...init,
    headers: { accept: 'application/json', authorization: `Basic ${credentials}`, ...init.headers },
  });
  if (response.status >= 200 && response.status < 300) return response;
  const code = response.status === 404 ? 'not_found' : 'network_failed';
  const isTransient = response.status >= 500 || response.status === 429;
  throw new UserrefError(code, { detail: `The core answered with ${response.status}.`, isTransient });
}
