import { hash, hkdfSync } from 'node:crypto';
import type { Queryable } from '../../database/database.ts';
import { encodeAssociatedData } from '../kms/associated-data.ts';
import { KEY_BYTES } from '../kms/key-blob.ts';
import type { DataKey } from './data-key.ts';
import type { DataKeyStore } from './data-key-store.ts';
import { decryptEnvelope, encryptEnvelope } from './envelope-format.ts';
import type { KeyRing } from './key-ring.ts';
import type { StoredKey } from './stored-attributes.ts';
import type { Person, SubjectKeyRepository } from './subject-key-repository.ts';

/** Keys of envelopes: one version of the person's data key of this class is one envelope's key. */
export const ENVELOPE_CLASS = 'sealed';

/** What an envelope is bound to. Rebuilt from who is asking and which row, never read from the envelope. */
export interface EnvelopeBinding extends Person {
  /** `sea_` and 26 characters; the one thing that the envelope says about itself. */
  readonly envelopeId: string;
  readonly siteId: string;
  readonly userRef: string;
  readonly attributes: readonly string[];
  readonly purpose: string;
  readonly orderRef: string;
  readonly notBefore: Date;
  readonly expiresAt: Date;
}

export interface EnvelopesOptions {
  readonly ring: KeyRing;
  readonly dataKeys: DataKeyStore;
  readonly rows: SubjectKeyRepository;
  readonly region: string;
}

const DOMAIN = 'userref/envelope/v1';

/**
 * Seals what a site keeps and cannot read, under a random key for each envelope that stays here, wrapped.
 * Deleting the key's row makes every copy of the envelope useless.
 */
export class Envelopes {
  readonly #options: EnvelopesOptions;

  constructor(options: EnvelopesOptions) {
    this.#options = options;
  }

  /** Has the wrapping key at hand. Call it before opening the transaction of {@link seal}. */
  async prepare(tenantId: string): Promise<void> {
    await this.#options.ring.active(tenantId, ENVELOPE_CLASS);
  }

  /**
   * Makes a key and seals `content` under it, in the caller's transaction, which holds the person. Throws
   * `payload_too_large` (64 KiB) and `service_unavailable`.
   */
  async seal(
    tx: Queryable,
    binding: EnvelopeBinding,
    content: Buffer,
  ): Promise<{ sealed: string; keyVersion: number }> {
    const { dataKeys, rows } = this.#options;
    const { tenantId, subjectId } = binding;
    const [newest] = await rows.newest(tx, { tenantId, subjectId }, [ENVELOPE_CLASS]);
    const wanted = { subjectId, version: (newest?.version ?? 0) + 1, encryptions: 1 };
    const [made] = await dataKeys.create(tx, { tenantId, class: ENVELOPE_CLASS, keys: [wanted] });
    if (!made) throw new TypeError('one key was asked for');
    const contentKey = this.#contentKey(made.key, binding);
    const sealed = await encryptEnvelope(contentKey, binding.envelopeId, content);
    contentKey.fill(0);
    return { sealed, keyVersion: made.row.version };
  }

  /**
   * Throws `sealed_invalid` for an envelope that was altered or is bound to anything else, and
   * `service_unavailable`. The key is never kept in memory: when its row is gone, it is gone.
   */
  async openEnvelope(sealed: string, binding: EnvelopeBinding, key: StoredKey): Promise<Buffer> {
    const opened = await this.#options.dataKeys.unwrap(binding, {
      class: key.class,
      version: key.version,
      keyId: key.key_id,
      kekVersion: key.kek_version,
      wrapped: () => Buffer.from(key.wrapped_dek, 'hex'),
    });
    const contentKey = this.#contentKey(opened, binding);
    try {
      return await decryptEnvelope(contentKey, sealed);
    } finally {
      contentKey.fill(0);
    }
  }

  /** The binding is part of the key itself (HKDF-SHA256, RFC 5869): for anything else it is another key. */
  #contentKey({ encryptionKey }: DataKey, binding: EnvelopeBinding): Buffer {
    const info = encodeAssociatedData([
      DOMAIN,
      this.#options.region,
      binding.tenantId,
      binding.siteId,
      binding.userRef,
      binding.subjectId,
      binding.envelopeId,
      binding.purpose,
      binding.orderRef,
      binding.notBefore.getTime(),
      binding.expiresAt.getTime(),
      ...[...binding.attributes].sort(),
    ]);
    // HKDF takes at most 1,024 bytes of `info` in Node; its hash binds as well.
    return Buffer.from(
      hkdfSync('sha256', encryptionKey, Buffer.alloc(0), hash('sha256', info, 'buffer'), KEY_BYTES),
    );
  }
}
