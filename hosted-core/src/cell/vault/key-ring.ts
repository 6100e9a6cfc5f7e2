import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { KEY_BYTES } from '../kms/key-blob.ts';
import type { KeyWrapper } from '../kms/key-wrapper.ts';
import { KeyCache } from './key-cache.ts';
import { KeyRepository, type KeyRow } from './key-repository.ts';

export interface KeyRingOptions {
  readonly database: Database;
  readonly keyWrapper: KeyWrapper;
  readonly region: string;
  /** How long an unwrapped key-encryption key stays in memory. Default 300. */
  readonly ttlSeconds?: number;
  /** How long the key management service may take. Default 2,000. */
  readonly kmsTimeoutMs?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly monotonicNow?: () => number;
}

export interface RingKey {
  readonly version: number;
  readonly key: KeyObject;
}

const MAX_KEYS = 1_000;

/**
 * The key-encryption keys (KEK) of all tenants in this region, unwrapped for a few minutes at a time.
 * When the key management service is away, keys at hand serve until their time is over; then callers get
 * `service_unavailable`. No other key ever steps in.
 */
export class KeyRing {
  readonly #keys: KeyRepository;
  readonly #keyWrapper: KeyWrapper;
  readonly #region: string;
  readonly #kmsTimeoutMs: number;
  readonly #cache: KeyCache<RingKey>;

  constructor({
    database,
    keyWrapper,
    region,
    ttlSeconds = 300,
    kmsTimeoutMs = 2_000,
    monotonicNow,
  }: KeyRingOptions) {
    this.#keys = new KeyRepository(database);
    this.#keyWrapper = keyWrapper;
    this.#region = region;
    this.#kmsTimeoutMs = kmsTimeoutMs;
    const ttlMs = ttlSeconds * 1_000;
    this.#cache = new KeyCache({ ttlMs, maxEntries: MAX_KEYS, ...(monotonicNow && { now: monotonicNow }) });
  }

  /** The key that encrypts now. The first key of a tenant and class is made here. */
  active(tenantId: string, keyClass: string): Promise<RingKey> {
    return this.#cache.get(`${tenantId}|${keyClass}|active`, async () => {
      const row = await this.#findOrCreateActive(tenantId, keyClass);
      return this.version(tenantId, keyClass, row.version);
    });
  }

  /** One version, for opening. Throws `integrity_error` when it is unknown, disabled or destroyed. */
  version(tenantId: string, keyClass: string, version: number): Promise<RingKey> {
    return this.#cache.get(`${tenantId}|${keyClass}|${version}`, async () => {
      const rows = await this.#keys.list(this.#scope(tenantId, keyClass));
      const row = rows.find((one) => one.version === version);
      return { version, key: await this.#unwrap(tenantId, keyClass, row) };
    });
  }

  async #findOrCreateActive(tenantId: string, keyClass: string): Promise<KeyRow> {
    const scope = this.#scope(tenantId, keyClass);
    let rows = await this.#keys.list(scope);
    if (rows.length === 0) {
      await this.#createFirst(tenantId, keyClass);
      rows = await this.#keys.list(scope);
    }
    const active = rows.find((row) => row.state === 'active');
    if (active) return active;
    // Keys exist and none is active: an operator's doing, not ours to undo.
    throw new UserrefError('service_unavailable', {
      logDetail: `no active key of class ${keyClass}`,
      retryAfterSeconds: 30,
    });
  }

  async #createFirst(tenantId: string, keyClass: string): Promise<void> {
    const plain = randomBytes(KEY_BYTES);
    try {
      const wrapped = await this.#inTime(this.#keyWrapper.wrap(plain, this.#context(tenantId, keyClass, 1)));
      const key = { rootKeyId: wrapped.rootKeyId, wrappedKey: wrapped.blob };
      await this.#keys.insertFirst(this.#scope(tenantId, keyClass), key);
    } finally {
      plain.fill(0);
    }
  }

  async #unwrap(tenantId: string, keyClass: string, row: KeyRow | undefined): Promise<KeyObject> {
    if (!row?.wrapped_key || row.state === 'disabled') {
      throw new UserrefError('integrity_error', {
        logDetail: `key of class ${keyClass} is unknown, disabled or destroyed`,
      });
    }
    const wrapped = { rootKeyId: row.root_key_id, blob: row.wrapped_key };
    const context = this.#context(tenantId, keyClass, row.version);
    const plain = await this.#inTime(this.#keyWrapper.unwrap(wrapped, context));
    try {
      if (plain.length !== KEY_BYTES)
        throw new UserrefError('integrity_error', { logDetail: 'unwrapped key has a wrong length' });
      return createSecretKey(plain);
    } finally {
      plain.fill(0);
    }
  }

  /** A key management service that hangs must not take the callers with it. */
  async #inTime<T>(call: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(
          new UserrefError('service_unavailable', {
            logDetail: 'key management service is too slow',
            retryAfterSeconds: 5,
          }),
        );
      }, this.#kmsTimeoutMs);
    });
    try {
      return await Promise.race([call, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #scope(tenantId: string, keyClass: string) {
    return { tenantId, region: this.#region, class: keyClass };
  }

  #context(tenantId: string, keyClass: string, version: number) {
    return { tenant: tenantId, region: this.#region, class: keyClass, version };
  }
}
