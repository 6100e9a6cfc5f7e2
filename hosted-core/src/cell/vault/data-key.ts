import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { encodeAssociatedData } from '../kms/associated-data.ts';
import { KEY_BYTES, unwrapKey, wrapKey } from '../kms/key-blob.ts';

/** Which data key (DEK): one per person, class and version. Nothing of it is secret. */
export interface DataKeyIdentity {
  readonly tenantId: string;
  readonly region: string;
  readonly subjectId: string;
  readonly class: string;
  /** Random UUID of this very key; a key made anew after erasure has another. */
  readonly keyId: string;
  readonly version: number;
  /** Version of the key-encryption key that wraps it. */
  readonly kekVersion: number;
}

/** A data key ready for use. `commitment` is public and tells keys apart before anything is decrypted. */
export interface DataKey {
  readonly encryptionKey: KeyObject;
  readonly commitment: Buffer;
}

const WRAP_DOMAIN = 'userref/dek/v1';
const DERIVE_LABEL = Buffer.from('userref/dek/v1/encrypt-and-commit');
const NO_SALT = Buffer.alloc(0);

/** A new random key, wrapped. Random and never derived: what can be derived again cannot be shredded. */
export function createWrappedDataKey(
  kek: KeyObject,
  identity: DataKeyIdentity,
): { wrapped: Buffer; key: DataKey } {
  const plain = randomBytes(KEY_BYTES);
  const wrapped = wrapKey(kek, plain, bind(identity));
  return { wrapped, key: dataKeyFrom(plain) };
}

/** Throws `integrity_error` when the blob was not wrapped for exactly this identity. */
export function openWrappedDataKey(kek: KeyObject, wrapped: Buffer, identity: DataKeyIdentity): DataKey {
  return dataKeyFrom(unwrapKey(kek, wrapped, bind(identity)));
}

/** Wraps the same key under another key-encryption key. Values stay as they are. Throws `integrity_error`. */
export function rewrapDataKey(
  from: KeyObject,
  to: { readonly key: KeyObject; readonly version: number },
  { wrapped, identity }: { wrapped: Buffer; identity: DataKeyIdentity },
): Buffer {
  const plain = unwrapKey(from, wrapped, bind(identity));
  try {
    return wrapKey(to.key, plain, bind({ ...identity, kekVersion: to.version }));
  } finally {
    plain.fill(0);
  }
}

/**
 * Derives the encryption key and the commitment from the random key (HKDF-SHA256, RFC 5869) and wipes it.
 * AES-GCM alone does not commit to its key; a second key that yields the same commitment would be a
 * collision of SHA-256.
 */
export function dataKeyFrom(plain: Buffer): DataKey {
  const derived = hkdfSha256(plain, { salt: NO_SALT, info: DERIVE_LABEL, bytes: 2 * KEY_BYTES });
  plain.fill(0);
  const encryptionKey = createSecretKey(derived.subarray(0, KEY_BYTES));
  const commitment = Buffer.from(derived.subarray(KEY_BYTES));
  derived.fill(0);
  return { encryptionKey, commitment };
}

/** HKDF-SHA256 (RFC 5869). Throws for more bytes than it can give. */
export function hkdfSha256(
  secret: Buffer,
  { salt, info, bytes }: { salt: Buffer; info: Buffer; bytes: number },
): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, bytes));
}

function bind(identity: DataKeyIdentity): Buffer {
  return encodeAssociatedData([
    WRAP_DOMAIN,
    identity.region,
    identity.tenantId,
    identity.subjectId,
    identity.class,
    identity.keyId,
    identity.version,
    identity.kekVersion,
  ]);
}
