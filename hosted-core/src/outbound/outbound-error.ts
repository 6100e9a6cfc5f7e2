import { UserrefError } from '../errors/userref-error.ts';

/**
 * Why an outbound request was refused or failed.
 * Refused before any socket was opened: `url_malformed` `scheme_not_allowed` `userinfo_not_allowed`
 * `port_not_allowed` `address_not_allowed`. Failed on the way: `name_not_resolved` `connect_failed`
 * `timeout` `body_too_large` `response_malformed`.
 */
export type OutboundReason =
  | 'url_malformed'
  | 'scheme_not_allowed'
  | 'userinfo_not_allowed'
  | 'port_not_allowed'
  | 'address_not_allowed'
  | 'name_not_resolved'
  | 'connect_failed'
  | 'timeout'
  | 'body_too_large'
  | 'response_malformed';

const TRANSIENT = new Set<OutboundReason>(['name_not_resolved', 'connect_failed', 'timeout']);

/** Code `upstream_unavailable`. Neither the message nor `logDetail` names the address: it may hold secrets. */
export class OutboundError extends UserrefError {
  readonly reason: OutboundReason;
  /** True when the same request may work later. */
  readonly isTransient: boolean;

  constructor(reason: OutboundReason, options: { cause?: unknown } = {}) {
    super('upstream_unavailable', { cause: options.cause, logDetail: `outbound: ${reason}` });
    this.reason = reason;
    this.isTransient = TRANSIENT.has(reason);
  }
}

/** Finds the error of ours under the wrappers that fetch puts around it. */
export function findOutboundError(error: unknown): OutboundError | undefined {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if (current instanceof OutboundError) return current;
    current = current.cause;
  }
  return undefined;
}
