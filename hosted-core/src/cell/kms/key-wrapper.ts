/**
 * Which key-encryption key a wrapped blob belongs to. It is bound into the blob: as encryption context
 * (AWS), additional authenticated data (GCP, PKCS#11) or derivation context (transit).
 */
export interface KeyContext {
  readonly tenant: string;
  readonly region: string;
  readonly class: string;
  readonly version: number;
}

export interface WrappedKey {
  /** Name of the root key that wrapped it, as the driver knows it: an ARN, a resource name, a file's key id. */
  readonly rootKeyId: string;
  readonly blob: Buffer;
}

/**
 * A key management service, as far as the vault needs one: it wraps and unwraps 32-byte keys and decides
 * nothing else.
 *
 * Throws `UserrefError`: `service_unavailable` when the service is away, throttles or refuses the key, and
 * `integrity_error` when a blob does not open under this context. It never falls back to another key.
 */
export interface KeyWrapper {
  wrap(plainKey: Buffer, context: KeyContext): Promise<WrappedKey>;
  /** The caller owns the returned buffer and wipes it. */
  unwrap(wrapped: WrappedKey, context: KeyContext): Promise<Buffer>;
}
