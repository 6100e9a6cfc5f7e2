import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import { USER_REF_PATTERN } from '../../ids/random-ids.ts';

/** What every request of a site to the cell has in common: the token, names, purpose, methods. */

export interface ProtectedResource {
  /** The cell's own address (RFC 8707), without a slash at the end. */
  readonly resource: string;
}

export interface Ask {
  readonly names: string[];
  readonly purpose: string;
}

export const METADATA = '/.well-known/oauth-protected-resource';
const MAX_NAMES = 32;
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]{1,1024}=*)$/i;
const PURPOSE = /^[a-z][a-z0-9_]{1,62}$/;
/** Fits no user_ref; stands in for what cannot be one, so that both get the same answer the same way. */
const NOBODY = 'nobody';

/** The token stands in the header and nowhere else (RFC 6750 §2.1); addresses end up in logs. */
export function bearerToken(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ProtectedResource,
): string {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) return token;
  // Without any credentials there is no error to name (RFC 6750 §3.1).
  if (request.headers.authorization === undefined) {
    reply.header('www-authenticate', `Bearer resource_metadata="${options.resource}${METADATA}"`);
    throw new UserrefError('invalid_token');
  }
  throw challenge(reply, options, new UserrefError('invalid_token'));
}

/** RFC 9728 §5.1: the answer to a dead token says where to read how to get a live one. */
export function challenge<Thrown>(reply: FastifyReply, options: ProtectedResource, error: Thrown): Thrown {
  if (error instanceof UserrefError && error.status === 401) {
    const metadata = `resource_metadata="${options.resource}${METADATA}"`;
    reply.header('www-authenticate', `Bearer error="invalid_token", ${metadata}`);
  }
  return error;
}

/** @throws UserrefError `invalid_request`, `purpose_required`, `unknown_purpose` */
export function checkedAsk(names: string[], purpose: string | undefined): Ask {
  if (names.length === 0 || names.includes('')) throw invalid('`names` lists one attribute or more.');
  if (names.length > MAX_NAMES) throw invalid(`\`names\` lists more than ${MAX_NAMES} attributes.`);
  if (new Set(names).size < names.length) throw invalid('`names` lists an attribute twice.');
  return { names, purpose: checkedPurpose(purpose) };
}

/** @throws UserrefError `purpose_required`, `unknown_purpose` */
export function checkedPurpose(purpose: string | undefined): string {
  if (purpose === undefined || purpose === '') throw new UserrefError('purpose_required');
  if (!PURPOSE.test(purpose)) throw new UserrefError('unknown_purpose');
  return purpose;
}

export function refuseQuery(request: FastifyRequest): void {
  if (Object.keys(request.query as object).length > 0) throw invalid('This address takes no query.');
}

export function userRefOf(text: string): string {
  return USER_REF_PATTERN.test(text) ? text : NOBODY;
}

export function refuseOtherMethods(app: FastifyInstance, allowed: Record<string, 'GET' | 'POST'>): void {
  for (const [url, method] of Object.entries(allowed)) {
    const others = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).filter(
      (one) => one !== method,
    );
    // The metadata answers HEAD by itself.
    const refused = url === METADATA ? others.filter((one) => one !== 'HEAD') : others;
    app.route({
      url,
      method: refused,
      handler: (_request, reply) => {
        reply.header('allow', method);
        throw new UserrefError('method_not_allowed');
      },
    });
  }
}

export function invalid(detail: string): UserrefError {
  return new UserrefError('invalid_request', { detail });
}
