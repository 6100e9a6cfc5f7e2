import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Database, Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { KEY_BYTES } from '../kms/key-blob.ts';
import type { KeyWrapper } from '../kms/key-wrapper.ts';
import { KeyCache } from './key-cache.ts';
import { KeyRepository, type KeyRow, type NewKey } from './key-repository.ts';
import { type ClosedKeys, isClosed, KeyWatch } from './key-watch.ts';

export interface KeyRingOptions {
  readonly database: Database;
  /** Bounded in time by itself, see `resilientDriver`. */
  readonly keyWrapper: KeyWrapper;
  readonly region: string;
  /** How long an unwrapped key-encryption key stays in memory. Default {@link KEY_TTL_SECONDS}. */
  readonly ttlSeconds?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly monotonicNow?: () => number;
}

export interface RingKey {
  readonly version: number;
  readonly key: KeyObject;
}

/** For so long a process may take an older version for the active one. */
export const KEY_TTL_SECONDS = 300;

const MAX_KEYS = 1_000;

/**
 * The key-encryption keys (KEK) of all tenants in this region, unwrapped for a few minutes at a time.
 * When the key management service is away, keys at hand serve until their time is over; then callers get
 * `service_unavailable`. No other key ever steps in.
 *
 * Whoever holds a transaction passes it along: what must be read is then read on that connection, so that
 * writers who all wait for a key do not also all wait for another connection.
 */
export class KeyRing {
  readonly #keys: KeyRepository;
  readonly #keyWrapper: KeyWrapper;
  readonly #region: string;
  readonly #watch: KeyWatch;
  readonly #cache: KeyCache<RingKey>;
  readonly #liveCache: KeyCache<readonly RingKey[]>;
  readonly #openedLast = new Map<string, number>();
  #dropOpened: (isMeant: (tenantId: string) => boolean, closed: ClosedKeys) => void = () => {};

  constructor(options: KeyRingOptions) {
    const { ttlSeconds = KEY_TTL_SECONDS, monotonicNow, keyWrapper, region } = options;
    const keys = new KeyRepository(options.database);
    this.#keys = keys;
    this.#keyWrapper = keyWrapper;
    this.#region = region;
    this.#watch = new KeyWatch({
      ...{ keys, keyWrapper, region, now: monotonicNow },
      onClosed: (tenantId, closed) => this.#drop((one) => one === tenantId, closed),
      onRefused: () =>
        this.#drop(
          () => true,
          () => true,
        ),
    });
    const limits = { ttlMs: ttlSeconds * 1_000, maxEntries: MAX_KEYS };
    this.#cache = new KeyCache({ ...limits, ...(monotonicNow && { now: monotonicNow }) });
    this.#liveCache = new KeyCache({ ...limits, ...(monotonicNow && { now: monotonicNow }) });
  }

  /**
   * Resolves when it is certain enough that no key in memory was closed elsewhere: see {@link KeyWatch}. Not
   * for who holds a transaction; they asked before.
   */
  look(tenantId: string): Promise<void> {
    return this.#watch.look(tenantId);
  }

  /** `drop` forgets at once what closed keys have opened. */
  whenClosed(drop: (isMeant: (tenantId: string) => boolean, closed: ClosedKeys) => void): void {
    this.#dropOpened = drop;
  }

  /** The key that encrypts now. The first key of a tenant and class is made here. */
  async active(tenantId: string, keyClass: string, tx?: Queryable): Promise<RingKey> {
    if (!tx) await this.look(tenantId);
    return this.#cache.get(`${tenantId}|${keyClass}|active`, async () => {
      const row = activeOf(await this.#list(tenantId, keyClass, tx), keyClass);
      return this.version(tenantId, keyClass, row.version, tx);
    });
  }

  /**
   * One version, for opening. Throws `integrity_error` when it is unknown, disabled, destroyed or below the
   * floor; which of them stands in `logDetail`, for operators.
   */
  async version(tenantId: string, keyClass: string, version: number, tx?: Queryable): Promise<RingKey> {
    if (!tx) await this.look(tenantId);
    return this.#cache.get(`${tenantId}|${keyClass}|${version}`, async () => {
      const rows = await this.#read(tenantId, keyClass, tx);
      const row = rows.find((one) => one.version === version);
      const opened = await this.#open(tenantId, keyClass, { version, row });
      this.#openedLast.set(`${tenantId}|${keyClass}`, version);
      return opened;
    });
  }

  /** As {@link version}, if it is at hand. For who has waited for {@link look} just now. */
  peek(tenantId: string, keyClass: string, version: number): RingKey | undefined {
    return this.#cache.peek(`${tenantId}|${keyClass}|${version}`);
  }

  /** Whether the version is at hand that was opened last. */
  isAtHand(tenantId: string, keyClass: string): boolean {
    const version = this.#openedLast.get(`${tenantId}|${keyClass}`);
    return version !== undefined && this.peek(tenantId, keyClass, version) !== undefined;
  }

  /**
   * All versions that may be read and written, newest first: in the middle of a rotation more than one.
   * For blind indexes, which are written under each of them.
   */
  async live(tenantId: string, keyClass: string, tx?: Queryable): Promise<readonly RingKey[]> {
    if (!tx) await this.look(tenantId);
    return this.#liveCache.get(`${tenantId}|${keyClass}`, async () => {
      const rows = (await this.#list(tenantId, keyClass, tx)).filter((row) => !isClosed(row));
      activeOf(rows, keyClass);
      return Promise.all(rows.map((row) => this.#open(tenantId, keyClass, { version: row.version, row })));
    });
  }

  /** A new random key, wrapped for this version. It is nobody's yet. */
  async make(tenantId: string, keyClass: string, version: number): Promise<NewKey> {
    const plain = randomBytes(KEY_BYTES);
    try {
      const wrapped = await this.#keyWrapper.wrap(plain, this.#context(tenantId, keyClass, version));
      return { version, rootKeyId: wrapped.rootKeyId, wrappedKey: wrapped.blob };
    } finally {
      plain.fill(0);
    }
  }

  /** Called when this process learns that the states of a class have changed. */
  forget(tenantId: string, keyClass: string): void {
    const isMeant = (name: string) => `${name}|`.startsWith(`${tenantId}|${keyClass}|`);
    this.#cache.deleteWhere(isMeant);
    this.#liveCache.deleteWhere(isMeant);
  }

  #drop(isMeant: (tenantId: string) => boolean, closed: ClosedKeys): void {
    const isOver = (name: string, keys: readonly RingKey[] | undefined) => {
      const [tenantId = '', keyClass = ''] = name.split('|');
      return isMeant(tenantId) && (!keys || keys.some(({ version }) => closed(keyClass, version)));
    };
    this.#cache.deleteWhere((name, key) => isOver(name, key && [key]));
    this.#liveCache.deleteWhere(isOver);
    this.#dropOpened(isMeant, closed);
  }

  async #list(tenantId: string, keyClass: string, tx?: Queryable): Promise<KeyRow[]> {
    const rows = await this.#read(tenantId, keyClass, tx);
    if (rows.length > 0) return rows;
    // Never in the caller's transaction: were it undone, others would already hold the key.
    const key = await this.make(tenantId, keyClass, 1);
    await this.#keys.insertFirst(this.#scope(tenantId, keyClass), key);
    return this.#read(tenantId, keyClass, tx);
  }

  #read(tenantId: string, keyClass: string, tx: Queryable | undefined): Promise<KeyRow[]> {
    const scope = this.#scope(tenantId, keyClass);
    return tx ? this.#keys.listIn(tx, scope) : this.#keys.list(scope);
  }

  async #open(
    tenantId: string,
    keyClass: string,
    { version, row }: { version: number; row: KeyRow | undefined },
  ): Promise<RingKey> {
    if (!row?.wrapped_key || isClosed(row)) throw closed(keyClass, version, row);
    const wrapped = { rootKeyId: row.root_key_id, blob: row.wrapped_key };
    const context = this.#context(tenantId, keyClass, version);
    const plain = await this.#keyWrapper.unwrap(wrapped, context);
    try {
      if (plain.length !== KEY_BYTES)
        throw new UserrefError('integrity_error', { logDetail: 'unwrapped key has a wrong length' });
      this.#watch.opened({ wrapped, context });
      return { version, key: createSecretKey(plain) };
    } finally {
      plain.fill(0);
    }
  }

  #scope(tenantId: string, keyClass: string) {
    return { tenantId, region: this.#region, class: keyClass };
  }

  #context(tenantId: string, keyClass: string, version: number) {
    return { tenant: tenantId, region: this.#region, class: keyClass, version };
  }
}

function activeOf(rows: readonly KeyRow[], keyClass: string): KeyRow {
  const active = rows.find((row) => row.state === 'active');
  if (active) return active;
  // Keys exist and none is active: an operator's doing, not ours to undo.
  throw new UserrefError('service_unavailable', {
    logDetail: `no active key of class ${keyClass}`,
    retryAfterSeconds: 30,
  });
}

function closed(keyClass: string, version: number, row: KeyRow | undefined): UserrefError {
  const why = !row
    ? 'is unknown'
    : row.version < row.floor
      ? `is below the minimum decryption version ${row.floor}`
      : `is ${row.state}`;
  return new UserrefError('integrity_error', { logDetail: `key ${keyClass} version ${version} ${why}` });
}
