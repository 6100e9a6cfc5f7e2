import type { FastifyReply } from 'fastify';

/** Headers of every answer, pages and APIs alike. Routes may widen caching, nothing else. */
export function setBaselineHeaders(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store');
  reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  reply.header('cross-origin-opener-policy', 'same-origin');
  reply.header('cross-origin-resource-policy', 'same-origin');
  reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), interest-cohort=()');
  reply.header('referrer-policy', 'no-referrer');
  reply.header('x-content-type-options', 'nosniff');
  reply.header('x-frame-options', 'DENY');
}

export interface PageHeaderOptions {
  /** Origins that a form of this page leads to through redirects; `form-action` governs those too. */
  readonly formTargets?: readonly string[];
}

/** The policy of a page: our own stylesheet and images, no script, forms to ourselves and the named origins. */
export function pageHeaders(reply: FastifyReply, { formTargets = [] }: PageHeaderOptions = {}): void {
  reply.header('content-security-policy', pagePolicy(formTargets));
  reply.type('text/html; charset=utf-8');
}

export function pagePolicy(formTargets: readonly string[]): string {
  const targets = ["'self'", ...formTargets.map((target) => new URL(target).origin)];
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    `form-action ${[...new Set(targets)].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
