import { UserrefError } from '../../errors/userref-error.ts';

/**
 * What went wrong with a key management service.
 * - `unavailable`: not reached, too slow, or its own error. May work at once or later.
 * - `throttled`: it works and asks us to slow down.
 * - `denied`: it refuses this key to us: disabled, deleted, no permission, wrong PIN. Only an operator helps.
 * - `damaged`: the blob does not open under this context, or the answer contradicts itself.
 */
export type KeyServiceFault = 'unavailable' | 'throttled' | 'denied' | 'damaged';

const RETRY_AFTER_SECONDS = { unavailable: 5, throttled: 5, denied: 60 } as const;

/**
 * Code `integrity_error` for `damaged`, else `service_unavailable` with a time to retry after. Neither the
 * message nor `logDetail` holds key material, tokens or the address of the service.
 */
export class KeyServiceError extends UserrefError {
  readonly fault: KeyServiceFault;
  /** For operators; also the `logDetail`. */
  readonly reason: string;

  constructor(
    fault: KeyServiceFault,
    reason: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    const code = fault === 'damaged' ? 'integrity_error' : 'service_unavailable';
    super(code, {
      logDetail: `key service: ${reason}`,
      cause: options.cause,
      ...(fault !== 'damaged' && {
        retryAfterSeconds: options.retryAfterSeconds ?? RETRY_AFTER_SECONDS[fault],
      }),
    });
    this.fault = fault;
    this.reason = reason;
  }

  /** True when the same call may work in a moment. */
  get isTransient(): boolean {
    return this.fault === 'unavailable' || this.fault === 'throttled';
  }
}
