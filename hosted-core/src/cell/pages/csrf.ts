import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';

/**
 * Proof that a form was made for this account session: HMAC-SHA-256 of its token. Signing in again makes
 * a new session and so new proofs.
 */
export class CsrfTokens {
  readonly #key: Buffer;

  /** @param key 32 secret bytes, the same on every replica */
  constructor(key: Buffer) {
    this.#key = key;
  }

  tokenFor(sessionToken: string): string {
    return createHmac('sha256', this.#key).update(`csrf/v1/${sessionToken}`).digest('base64url');
  }

  /** @throws UserrefError `csrf_rejected` */
  check(sessionToken: string, given: unknown): void {
    const expected = Buffer.from(this.tokenFor(sessionToken));
    const actual = Buffer.from(typeof given === 'string' ? given : '');
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
      throw new UserrefError('csrf_rejected');
  }
}

/**
 * Refuses posts that another site caused, before the body is read.
 *
 * Our pages have `Referrer-Policy: no-referrer`, so browsers send `Origin: null` even with our own forms
 * (Fetch, «append a request `Origin` header»); then `Sec-Fetch-Site: same-origin`, which no page can forge,
 * must vouch for it. Clients that send neither header are no browsers, and have the form's token to show.
 * @throws UserrefError `csrf_rejected`
 */
export function refuseForeignPost(request: FastifyRequest, ownOrigin: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new UserrefError('csrf_rejected');
  const { origin } = request.headers;
  const vouched = origin === 'null' && site === 'same-origin';
  if (origin !== undefined && origin !== ownOrigin && !vouched) throw new UserrefError('csrf_rejected');
}
