import type { KeyContext, WrappedKey } from './key-wrapper.ts';

/** One attempt. When `signal` aborts nobody waits any more: the driver lets go of sockets and processes. */
export interface KeyCall {
  readonly signal: AbortSignal;
}

/**
 * What a kind of key management service has to do, one driver a file in this folder: translate. It makes one
 * attempt per call and throws `KeyServiceError`, whose `fault` says what the answer meant. Timeouts, repeats
 * and the circuit breaker are not its business (`resilient-driver.ts`), nor is checking that the service
 * gave back the right key (`committed-driver.ts`).
 *
 * MUST bind `context` into the blob, and MUST use the configured root key and no other, whatever a wrapped
 * key says of itself: who can write to the database must not choose the key.
 */
export interface KeyDriver {
  /** The configured root key, as it is stored beside every blob. Holds no secret. */
  readonly rootKeyId: string;
  wrap(plainKey: Buffer, context: KeyContext, call: KeyCall): Promise<WrappedKey>;
  unwrap(wrapped: WrappedKey, context: KeyContext, call: KeyCall): Promise<Buffer>;
  /** An ability that not every service has: to the newest version of the root key, without giving the key out. */
  rewrap?(wrapped: WrappedKey, context: KeyContext, call: KeyCall): Promise<WrappedKey>;
  close?(): Promise<void>;
}
