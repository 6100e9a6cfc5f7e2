import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { createWrappedDataKey, type DataKey, type DataKeyIdentity, openWrappedDataKey } from './data-key.ts';
import { KeyCache } from './key-cache.ts';
import { KEY_TTL_SECONDS, type KeyRing } from './key-ring.ts';
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
  /** How long after a rotation others may still wrap under the old key. Default 360. */
  readonly staleWriterSeconds?: number;
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

export interface WantedKeys {
  readonly tenantId: string;
  readonly class: string;
  readonly keys: readonly {
    readonly subjectId: string;
    readonly version: number;
    /** How many values the caller is about to seal under it. */
    readonly encryptions: number;
  }[];
}

const MAX_KEYS = 10_000;
/** After a new key became active: one lifetime of a cached one, and a minute for clocks and slow writers. */
export const STALE_WRITER_SECONDS = KEY_TTL_SECONDS + 60;

/**
 * Data keys of people, unwrapped for a minute at a time. A key is only ever used together with its row,
 * read in the same transaction as the data: a deleted row, or a raised epoch, ends its use at once, in
 * every process.
 */
export class DataKeyStore {
  readonly #ring: KeyRing;
  readonly #region: string;
  readonly #staleWriterSeconds: number;
  readonly #rows = new SubjectKeyRepository();
  readonly #cache: KeyCache<DataKey>;

  constructor(options: DataKeyStoreOptions) {
    const {
      ring,
      region,
      ttlSeconds = 60,
      staleWriterSeconds = STALE_WRITER_SECONDS,
      monotonicNow,
    } = options;
    this.#staleWriterSeconds = staleWriterSeconds;
    this.#ring = ring;
    this.#region = region;
    this.#cache = new KeyCache({
      ttlMs: ttlSeconds * 1_000,
      maxEntries: MAX_KEYS,
      ...(monotonicNow && { now: monotonicNow }),
    });
    ring.whenClosed((isMeant, closed) =>
      this.#cache.deleteWhere((name) => {
        const [tenantId = '', , , keyClass = '', , , kekVersion] = name.split('|');
        return isMeant(tenantId) && closed(keyClass, Number(kekVersion));
      }),
    );
  }

  /** Throws `integrity_error` when the wrapped key does not belong to this person, class and version. */
  open(person: PersonAtEpoch, wrapped: WrappedDataKey, tx?: Queryable): Promise<DataKey> {
    const name = cacheName(person.epoch, this.#identity(person, wrapped));
    return this.#cache.get(name, () => this.unwrap(person, wrapped, tx));
  }

  /** As {@link open}, past the cache: work on everybody's keys must not push out those in use. */
  async unwrap(person: Person, wrapped: WrappedDataKey, tx?: Queryable): Promise<DataKey> {
    const { key } = await this.#ring.version(person.tenantId, wrapped.class, wrapped.kekVersion, tx);
    return openWrappedDataKey(key, wrapped.wrapped(), this.#identity(person, wrapped));
  }

  /** As {@link open}, without waiting: `undefined` when the key that wraps it is not at hand. */
  openAtOnce(person: PersonAtEpoch, wrapped: WrappedDataKey): DataKey | undefined {
    const identity = this.#identity(person, wrapped);
    const name = cacheName(person.epoch, identity);
    const known = this.#cache.peek(name);
    if (known) return known;
    const kek = this.#ring.peek(person.tenantId, wrapped.class, wrapped.kekVersion);
    if (!kek) return undefined;
    const key = openWrappedDataKey(kek.key, wrapped.wrapped(), identity);
    this.#cache.put(name, key);
    return key;
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
      if (row && !row.is_aside) {
        keys.set(keyClass, { row, key: await this.open(person, fromRow(row), tx) });
        continue;
      }
      const next = { subjectId: person.subjectId, version: (row?.version ?? 0) + 1, encryptions: 0 };
      const [made] = await this.create(tx, { tenantId: person.tenantId, class: keyClass, keys: [next] });
      if (made) keys.set(keyClass, made);
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

  /**
   * New data keys of one class, in the order of `wanted`. Not cached: the transaction may yet be undone, and
   * the keys with it. The caller holds the locks on the people.
   */
  async create(tx: Queryable, wanted: WantedKeys): Promise<WritingKey[]> {
    const first = await this.#tryToCreate(tx, wanted);
    if (first) return first;
    // The key that this process took for the active one is so no longer, and others have moved on.
    this.#ring.forget(wanted.tenantId, wanted.class);
    const second = await this.#tryToCreate(tx, wanted);
    if (second) return second;
    const logDetail = `no key of class ${wanted.class} may wrap new data keys`;
    throw new UserrefError('service_unavailable', { logDetail, retryAfterSeconds: 5 });
  }

  async #tryToCreate(
    tx: Queryable,
    { tenantId, class: keyClass, keys }: WantedKeys,
  ): Promise<WritingKey[] | undefined> {
    const kek = await this.#ring.active(tenantId, keyClass, tx);
    const made = keys.map(({ subjectId, version, encryptions }) => {
      const named = { class: keyClass, version, keyId: randomUUID(), kekVersion: kek.version };
      const { wrapped, key } = createWrappedDataKey(kek.key, this.#identity({ tenantId, subjectId }, named));
      return { subjectId, version, keyId: named.keyId, wrapped, key, encryptions };
    });
    const inserted = await this.#rows.insert(tx, {
      ...{ tenantId, region: this.#region, class: keyClass, kekVersion: kek.version },
      graceSeconds: this.#staleWriterSeconds,
      keys: made,
    });
    if (!inserted) return undefined;
    return made.map(({ version, keyId, wrapped, key }) => ({
      row: {
        ...{ class: keyClass, version, key_id: keyId, kek_version: kek.version },
        wrapped_dek: wrapped,
      },
      key,
    }));
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

export function fromRow(row: SubjectKeyRow): WrappedDataKey {
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
