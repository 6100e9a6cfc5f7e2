import { createHmac } from 'node:crypto';
import { encodeAssociatedData } from '../kms/associated-data.ts';
import type { KeyRing } from './key-ring.ts';

export interface BlindIndexQuery {
  readonly tenantId: string;
  /** What is indexed, such as `upstream`; each field has its own key. */
  readonly field: string;
  /** Already normalised. A list is joined so that no two lists collide. */
  readonly value: string | readonly string[];
}

/** `hmac` (32 bytes) is stored as `index_hmac`, `version` as `index_version`. */
export interface BlindIndex {
  readonly hmac: Buffer;
  readonly version: number;
}

const DOMAIN = 'userref/blind-index/v1';

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

  async index({ tenantId, field, value }: BlindIndexQuery): Promise<BlindIndex> {
    const { key, version } = await this.#ring.active(tenantId, `blind_index:${field}`);
    const values = typeof value === 'string' ? [value] : value;
    const message = encodeAssociatedData([DOMAIN, this.#region, tenantId, field, values.length, ...values]);
    return { hmac: createHmac('sha256', key).update(message).digest(), version };
  }
}
