import type { FastifyReply } from 'fastify';
import type { UserrefError } from '../errors/userref-error.ts';

/** Where each code is explained; resolvable once the documentation is published. */
const HELP = 'https://userref.dev/errors/';

/**
 * The body of an RFC 9457 problem document, with our members `code`, `request_id` and `retryable`.
 * Never used on OAuth endpoints, which answer with OAuth errors (RFC 6749 §5.2).
 */
export function problemOf(error: UserrefError, requestId: string): Record<string, unknown> {
  return {
    type: `${HELP}${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    request_id: requestId,
    retryable: error.retryable,
    ...error.extensions,
  };
}

export function sendProblem(reply: FastifyReply, error: UserrefError, requestId: string): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemOf(error, requestId)));
}
