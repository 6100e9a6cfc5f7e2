import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../database/database.ts';
import { createWrappedDataKey, type DataKey, type DataKeyIdentity, openWrappedDataKey } from './data-key.ts';
import { KeyCache } from './key-cache.ts';
import type { KeyRing } from './key-ring.ts';
import {
  type KeyUse,
  type Person,
  SubjectKeyRepository,
  type SubjectKeyRow,
} from './subject-key-repository.ts';

export interface DataKeyStoreOptions {
  readonly ring: KeyRing;
  readonly region: string;
  /** How long an unwrapped data key stays in memory. Default 60. */
  readonly ttlSeconds?: number;
  readonly monotonicNow?: () => number;
}

/** A wrapped data key as some statement has just read it. */
export interface WrappedDataKey {
  readonly class: string;
  readonly version: number;
  readonly keyId: string;
  readonly kekVersion: number;
  /** Decoded only when the key is not at hand. */
  readonly wrapped: () => Buffer;
}

export interface PersonAtEpoch extends Person {
  readonly epoch: number;
}

export interface WritingKey {
  readonly row: SubjectKeyRow;
  readonly key: DataKey;
}

const MAX_KEYS = 10_000;

/**
 * Data keys of people, unwrapped for a minute at a time. A key is only ever used together with its row,
 * read in the same transaction as the data: a deleted row, or a raised epoch, ends its use at once, in
 * every process.
 */
export class DataKeyStore {
  readonly #ring: KeyRing;
  readonly #region: string;
  readonly #rows = new SubjectKeyRepository();
  readonly #cache: KeyCache<DataKey>;

  constructor({ ring, region, ttlSeconds = 60, monotonicNow }: DataKeyStoreOptions) {
    this.#ring = ring;
    this.#region = region;
    this.#cache = new KeyCache({
      ttlMs: ttlSeconds * 1_000,
      maxEntries: MAX_KEYS,
      ...(monotonicNow && { now: monotonicNow }),
    });
  }

  /** Throws `integrity_error` when the wrapped key does not belong to this person, class and version. */
  open(person: PersonAtEpoch, wrapped: WrappedDataKey): Promise<DataKey> {
    const identity = this.#identity(person, wrapped);
    return this.#cache.get(cacheName(person.epoch, identity), async () => {
      const { key } = await this.#ring.version(person.tenantId, wrapped.class, wrapped.kekVersion);
      return openWrappedDataKey(key, wrapped.wrapped(), identity);
    });
  }

  /** The key at hand, or `undefined` when {@link open} would have to unwrap it. */
  peek(person: PersonAtEpoch, wrapped: WrappedDataKey): DataKey | undefined {
    return this.#cache.peek(cacheName(person.epoch, this.#identity(person, wrapped)));
  }

  /**
   * The keys that a write uses, one a class, made where the person has none yet. The caller holds the
   * lock on the person.
   */
  async forWriting(
    tx: Queryable,
    person: PersonAtEpoch,
    classes: readonly string[],
  ): Promise<(keyClass: string) => WritingKey> {
    const rows = await this.#rows.newest(tx, person, classes);
    const keys = new Map<string, WritingKey>();
    for (const keyClass of classes) {
      const row = rows.find((one) => one.class === keyClass);
      keys.set(
        keyClass,
        row ? { row, key: await this.open(person, fromRow(row)) } : await this.#create(tx, person, keyClass),
      );
    }
    return (keyClass) => {
      const key = keys.get(keyClass);
      if (!key) throw new TypeError(`no key of class ${keyClass} was asked for`);
      return key;
    };
  }

  countEncryptions(tx: Queryable, person: Person, uses: readonly KeyUse[]): Promise<void> {
    return this.#rows.countEncryptions(tx, person, uses);
  }

  /** Not cached: the transaction may yet be undone, and the key with it. */
  async #create(tx: Queryable, person: PersonAtEpoch, keyClass: string): Promise<WritingKey> {
    const kek = await this.#ring.active(person.tenantId, keyClass);
    const named = { class: keyClass, version: 1, keyId: randomUUID(), kekVersion: kek.version };
    const { wrapped, key } = createWrappedDataKey(kek.key, this.#identity(person, named));
    const row = {
      class: keyClass,
      version: 1,
      key_id: named.keyId,
      kek_version: kek.version,
      wrapped_dek: wrapped,
    };
    await this.#rows.insert(tx, person, row);
    return { row, key };
  }

  #identity(person: Person, key: Omit<WrappedDataKey, 'wrapped'>): DataKeyIdentity {
    return {
      tenantId: person.tenantId,
      region: this.#region,
      subjectId: person.subjectId,
      class: key.class,
      keyId: key.keyId,
      version: key.version,
      kekVersion: key.kekVersion,
    };
  }
}

function fromRow(row: SubjectKeyRow): WrappedDataKey {
  return {
    class: row.class,
    version: row.version,
    keyId: row.key_id,
    kekVersion: row.kek_version,
    wrapped: () => row.wrapped_dek,
  };
}

/** The whole identity: a key row copied to another person must not find the other's key in here. */
function cacheName(epoch: number, key: DataKeyIdentity): string {
  return `${key.tenantId}|${key.subjectId}|${epoch}|${key.class}|${key.version}|${key.keyId}|${key.kekVersion}`;
}
