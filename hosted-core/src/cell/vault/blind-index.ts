import { createHmac, type KeyObject } from 'node:crypto';
import type { Queryable } from '../../database/database.ts';
import { encodeAssociatedData } from '../kms/associated-data.ts';
import type { KeyRing } from './key-ring.ts';
import { type IdentifierField, NORMALISATION_VERSION } from './normalise-identifier.ts';

export interface BlindIndexQuery {
  readonly tenantId: string;
  /** What is indexed, such as `upstream`; each field has its own key. */
  readonly field: string;
  /** Already normalised. A list is joined so that no two lists collide. */
  readonly value: string | readonly string[];
}

/** `hmac` is stored as `index_hmac`, `version` as `index_version`. */
export interface BlindIndex {
  readonly hmac: Buffer;
  readonly version: number;
}

const DOMAIN = 'userref/blind-index/v1';
/** Of e-mail addresses and phone numbers 128 bits are kept: enough to find one among all people. */
const CONTACT_BYTES = 16;

/**
 * Finds people by an identifier without storing it: HMAC-SHA-256 under a random key of its own per tenant,
 * region and field. A dump of the database cannot be searched with a dictionary.
 */
export class BlindIndexKeys {
  readonly #ring: KeyRing;
  readonly #region: string;

  constructor(ring: KeyRing, region: string) {
    this.#ring = ring;
    this.#region = region;
  }

  /** Under the active key; 32 bytes. */
  async index(query: BlindIndexQuery): Promise<BlindIndex> {
    const { key, version } = await this.#ring.active(query.tenantId, blindIndexClass(query.field));
    return { hmac: indexHmac(key, this.#message(query)), version };
  }

  /**
   * Under every live key, newest first: one, and two in the middle of a rotation. Whoever writes, writes all
   * of them; whoever searches, searches all of them; so an identifier is never there twice, nor overlooked.
   */
  async indexes(query: BlindIndexQuery, tx?: Queryable): Promise<BlindIndex[]> {
    const keys = await this.#ring.live(query.tenantId, blindIndexClass(query.field), tx);
    const message = this.#message(query);
    return keys.map(({ key, version }) => ({ hmac: indexHmac(key, message), version }));
  }

  /** Of a normalised e-mail address or phone number: 16 bytes. */
  async contactIndexes(
    { tenantId, field, value }: { tenantId: string; field: IdentifierField; value: string },
    tx?: Queryable,
  ): Promise<BlindIndex[]> {
    const named = [`normalisation-v${NORMALISATION_VERSION}`, value];
    const indexes = await this.indexes({ tenantId, field, value: named }, tx);
    return indexes.map(({ hmac, version }) => ({ hmac: hmac.subarray(0, CONTACT_BYTES), version }));
  }

  /** Has the keys of a class at hand. */
  async prepare(tenantId: string, keyClass: string): Promise<void> {
    await this.#ring.live(tenantId, keyClass);
  }

  #message({ tenantId, field, value }: BlindIndexQuery): Buffer {
    const values = typeof value === 'string' ? [value] : value;
    return encodeAssociatedData([DOMAIN, this.#region, tenantId, field, values.length, ...values]);
  }
}

/** Keys of blind indexes lie beside the key-encryption keys, under a class of their own. */
export function blindIndexClass(field: string): string {
  return `blind_index:${field}`;
}

/** HMAC-SHA-256 (FIPS 198-1). */
export function indexHmac(key: KeyObject, message: Buffer): Buffer {
  return createHmac('sha256', key).update(message).digest();
}
