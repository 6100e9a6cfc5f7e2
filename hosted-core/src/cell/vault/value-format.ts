import { randomBytes, timingSafeEqual } from 'node:crypto';
import { UserrefError } from '../../errors/userref-error.ts';
import { encodeAssociatedData } from '../kms/associated-data.ts';
import { decryptGcm, encryptGcm, NONCE_BYTES, TAG_BYTES } from './aes-gcm.ts';
import type { DataKey } from './data-key.ts';
import { pad, unpad } from './padding.ts';

/**
 * What a stored value is bound to. Always rebuilt from who is asking and which row is read, never taken
 * from the blob: a value moved to another row, column, person, site, tenant or region does not open.
 */
export interface ValueBinding {
  readonly region: string;
  readonly tenantId: string;
  /** `-` for what the person holds themselves. */
  readonly siteId: string;
  readonly subjectId: string;
  readonly class: string;
  readonly attribute: string;
  /** UUID of the data key. */
  readonly keyId: string;
  readonly keyVersion: number;
  readonly schemaVersion: number;
  /** Counts the writes of this row, so that an older ciphertext of the same attribute does not open either. */
  readonly rowRevision: number;
}

/**
 * Format 1, all numbers big-endian:
 *
 * | bytes | what                                        |
 * |------:|---------------------------------------------|
 * |     1 | format version, 1                           |
 * |     1 | suite, 1 = AES-256-GCM, HKDF-SHA256         |
 * |    16 | key id (UUID)                               |
 * |     4 | key version                                 |
 * |    12 | nonce                                       |
 * |    32 | key commitment                              |
 * |     n | ciphertext, n a size bucket                 |
 * |    16 | tag                                         |
 *
 * Released blobs live for years: this layout never changes. A new one gets the next version byte.
 */
const VERSION = 1;
const SUITE = 1;
const KEY_ID_AT = 2;
const KEY_VERSION_AT = 18;
const NONCE_AT = 22;
const COMMITMENT_AT = 34;
const CIPHERTEXT_AT = 66;
const DOMAIN = 'userref/value/v1/aes-256-gcm';

/** What a person holds themselves belongs to no site. */
const NO_SITE = '-';

/** The place of a row of `cell.users_pii`, as that row and its key say. */
export function bindingFor(
  owner: { readonly tenantId: string; readonly region: string; readonly subjectId: string },
  row: {
    readonly attribute: string;
    readonly class: string;
    readonly key_version: number;
    readonly row_rev: number;
    readonly schema_version: number;
  },
  keyId: string,
): ValueBinding {
  return {
    region: owner.region,
    tenantId: owner.tenantId,
    siteId: NO_SITE,
    subjectId: owner.subjectId,
    class: row.class,
    attribute: row.attribute,
    keyId,
    keyVersion: row.key_version,
    schemaVersion: row.schema_version,
    rowRevision: row.row_rev,
  };
}

/** Encrypts a value for one place. `nonce` is for test vectors only: a repeated nonce destroys the key. */
export function sealValue(
  key: DataKey,
  binding: ValueBinding,
  value: Buffer,
  nonce: Buffer = randomBytes(NONCE_BYTES),
): Buffer {
  const padded = pad(value);
  const associatedData = bindingBytes(binding);
  const { ciphertext, tag } = encryptGcm(key.encryptionKey, { nonce, associatedData, plain: padded });
  const blob = Buffer.alloc(CIPHERTEXT_AT + padded.length + TAG_BYTES);
  blob[0] = VERSION;
  blob[1] = SUITE;
  keyIdBytes(binding.keyId).copy(blob, KEY_ID_AT);
  blob.writeUInt32BE(binding.keyVersion, KEY_VERSION_AT);
  nonce.copy(blob, NONCE_AT);
  key.commitment.copy(blob, COMMITMENT_AT);
  ciphertext.copy(blob, CIPHERTEXT_AT);
  tag.copy(blob, CIPHERTEXT_AT + padded.length);
  padded.fill(0);
  return blob;
}

/**
 * Opens a value in its place. Throws `integrity_error`, the same for every cause; the cause is in the
 * error's `logDetail`. Unknown versions and foreign keys are refused before anything is decrypted, and no
 * other key is tried.
 */
export function openValue(key: DataKey, binding: ValueBinding, blob: Buffer): Buffer {
  refuseForeignHeader(key, binding, blob);
  const tagAt = blob.length - TAG_BYTES;
  const padded = decryptGcm(key.encryptionKey, {
    nonce: blob.subarray(NONCE_AT, COMMITMENT_AT),
    associatedData: bindingBytes(binding),
    ciphertext: blob.subarray(CIPHERTEXT_AT, tagAt),
    tag: blob.subarray(tagAt),
  });
  if (!padded) throw damaged('value does not open in this place');
  const value = unpad(padded);
  if (!value) throw damaged('padding of the value is malformed');
  return value;
}

function refuseForeignHeader(key: DataKey, binding: ValueBinding, blob: Buffer): void {
  if (blob.length <= CIPHERTEXT_AT + TAG_BYTES) throw damaged('value is truncated');
  if (blob[0] !== VERSION) throw damaged('value has an unknown format version');
  if (blob[1] !== SUITE) throw damaged('value has an unknown suite');
  const sameKey =
    blob.subarray(KEY_ID_AT, KEY_VERSION_AT).equals(keyIdBytes(binding.keyId)) &&
    blob.readUInt32BE(KEY_VERSION_AT) === binding.keyVersion;
  if (!sameKey) throw damaged('value names another key');
  if (!timingSafeEqual(blob.subarray(COMMITMENT_AT, CIPHERTEXT_AT), key.commitment)) {
    throw damaged('value was made with another key');
  }
}

/** The associated data: everything that a value is bound to. */
export function bindingBytes(binding: ValueBinding): Buffer {
  return encodeAssociatedData([
    DOMAIN,
    binding.region,
    binding.tenantId,
    binding.siteId,
    binding.subjectId,
    binding.class,
    binding.attribute,
    binding.keyId,
    binding.keyVersion,
    binding.schemaVersion,
    binding.rowRevision,
  ]);
}

function keyIdBytes(keyId: string): Buffer {
  const bytes = Buffer.from(keyId.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw damaged('key id is not a UUID');
  return bytes;
}

function damaged(logDetail: string): UserrefError {
  return new UserrefError('integrity_error', { logDetail });
}
