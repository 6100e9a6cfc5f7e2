import { timingSafeEqual } from 'node:crypto';
import type { Database } from '../../../database/database.ts';
import { UserrefError } from '../../../errors/userref-error.ts';
import type { KeyService } from '../../kms/key-service.ts';
import { KeyServiceError } from '../../kms/key-service-error.ts';
import type { WrappedKey } from '../../kms/key-wrapper.ts';
import { isDamage } from './batch.ts';
import { type RootedKey, RootKeyRepository } from './root-key-repository.ts';

export interface RootKeysOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly region: string;
  readonly keyService: KeyService;
}

export interface RootKeyUse {
  readonly rootKeyId: string;
  /** Keys of the vault that it wraps. */
  readonly keys: number;
  /** `wraps`: the configured one. `opens`: the second one. `unknown`: what it wraps cannot be opened here. */
  readonly role: 'wraps' | 'opens' | 'unknown';
}

export interface MoveResult {
  readonly moved: number;
  /** Keys that do not open, and stay as they are. */
  readonly unreadable: number;
  /** Keys that some root key other than the configured one wraps still. */
  readonly remaining: number;
}

/**
 * The root keys above the vault's own keys: moves these from one root key to another, or to the newest version
 * of the same one. There are few of them (one a class and version), and no data key or value is touched.
 */
export class RootKeys {
  readonly #rows: RootKeyRepository;
  readonly #region: string;
  readonly #service: KeyService;

  constructor({ database, region, keyService }: RootKeysOptions) {
    this.#rows = new RootKeyRepository(database);
    this.#region = region;
    this.#service = keyService;
  }

  /** Every root key that wraps something or is configured. */
  async status(tenantId: string): Promise<RootKeyUse[]> {
    const { rootKeyId: wraps, rootKeyIds } = this.#service;
    const used = await this.#rows.count({ tenantId, region: this.#region });
    const unused = rootKeyIds.filter((id) => !used.some((one) => one.rootKeyId === id));
    return [...used, ...unused.map((rootKeyId) => ({ rootKeyId, keys: 0 }))].map((one) => {
      const role =
        one.rootKeyId === wraps ? 'wraps' : rootKeyIds.includes(one.rootKeyId) ? 'opens' : 'unknown';
      return { ...one, role };
    });
  }

  /**
   * Has the configured root key wrap every key that it does not wrap yet; with `all`, those too that it does, so
   * that the newest version of it wraps them. A transaction a key: stop it at any moment and call it again.
   * Throws `service_unavailable`.
   */
  async move(
    tenantId: string,
    { all, onMoved }: { all?: true; onMoved?: (key: RootedKey) => void } = {},
  ): Promise<MoveResult> {
    const where = { tenantId, region: this.#region };
    const { rootKeyId } = this.#service;
    let [moved, unreadable] = [0, 0];
    for (const key of await this.#rows.list(where)) {
      if (key.root_key_id === rootKeyId && !all) continue;
      try {
        if (!(await this.#rows.swap(where, key, await this.#wrapAnew(tenantId, key)))) continue;
        moved += 1;
        onMoved?.(key);
      } catch (error) {
        if (!isDamage(error)) throw error;
        unreadable += 1;
      }
    }
    const others = (await this.#rows.count(where)).filter((one) => one.rootKeyId !== rootKeyId);
    return { moved, unreadable, remaining: others.reduce((sum, { keys }) => sum + keys, 0) };
  }

  /**
   * Says that nothing here needs a root key any more, and writes that down. Throws `conflict` for the one that
   * wraps, and with `in_use` while a key is under it.
   */
  async retire(tenantId: string, rootKeyId: string): Promise<void> {
    if (rootKeyId === this.#service.rootKeyId)
      throw new UserrefError('conflict', {
        detail: 'This root key is the one that wraps: USERREF_KMS names it.',
      });
    const where = { tenantId, region: this.#region };
    const used = (await this.#rows.count(where)).find((one) => one.rootKeyId === rootKeyId);
    if (used)
      throw new UserrefError('conflict', {
        detail: `${used.keys} key(s) are still under this root key. Move them first: userref-core keys rotate-root.`,
        extensions: { in_use: used.keys },
      });
    await this.#rows.noteRetirement(where, rootKeyId);
  }

  /** Throws `service_unavailable` while keys are under a root key that is not configured here. */
  async refuseUnknown(tenantId: string): Promise<void> {
    const unknown = (await this.status(tenantId)).filter((one) => one.role === 'unknown');
    if (unknown.length === 0) return;
    const names = unknown.map(({ rootKeyId, keys }) => `${rootKeyId} (${keys})`).join(', ');
    throw new KeyServiceError('denied', `keys are under root keys that are not configured: ${names}`);
  }

  async #wrapAnew(tenantId: string, key: RootedKey): Promise<WrappedKey> {
    const context = { tenant: tenantId, region: this.#region, class: key.class, version: key.version };
    const old = { rootKeyId: key.root_key_id, blob: key.wrapped_key };
    const plain = await this.#service.unwrap(old, context);
    try {
      const { rewrap } = this.#service;
      const isSameRoot = key.root_key_id === this.#service.rootKeyId;
      const wrapped =
        isSameRoot && rewrap ? await rewrap(old, context) : await this.#service.wrap(plain, context);
      // The old wrap is about to go: what takes its place has to open.
      const opened = await this.#service.unwrap(wrapped, context);
      const isWhole = opened.length === plain.length && timingSafeEqual(opened, plain);
      opened.fill(0);
      if (!isWhole) throw new KeyServiceError('unavailable', 'gives back another key than it was given');
      return wrapped;
    } finally {
      plain.fill(0);
    }
  }
}
