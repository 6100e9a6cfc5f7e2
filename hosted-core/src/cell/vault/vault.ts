import type { Database, Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { KeyWrapper } from '../kms/key-wrapper.ts';
import { AttributeCatalogue } from './attribute-catalogue.ts';
import { AttributeRepository, type OwnAttributesRow, type SealedRow } from './attribute-repository.ts';
import { type BlindIndex, BlindIndexKeys, type BlindIndexQuery } from './blind-index.ts';
import type { DataKey } from './data-key.ts';
import { DataKeyStore, type PersonAtEpoch, type WrappedDataKey } from './data-key-store.ts';
import { KeyRing } from './key-ring.ts';
import type { OpenedAttribute, SealedPerson, StoredKey, StoredValue } from './stored-attributes.ts';
import type { Person } from './subject-key-repository.ts';
import { openValue, sealValue, type ValueBinding } from './value-format.ts';

export interface VaultOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly keyWrapper: KeyWrapper;
  /** Region of this cell; bound into every key and value. */
  readonly region: string;
  readonly catalogue?: AttributeCatalogue;
}

export interface AttributeToStore {
  readonly attribute: string;
  readonly value: unknown;
  /** Where the value came from, such as `upstream` or `person`. */
  readonly source: string;
}

/** What a person holds themselves belongs to no site. */
const NO_SITE = '-';

/**
 * Keeps people's attributes: seals them under a data key of each person and class, and opens them again
 * in the place that they were stored for, and nowhere else. It decides nothing about who may read; that
 * is `cell/attributes`.
 */
export class Vault {
  readonly catalogue: AttributeCatalogue;
  readonly #database: Database;
  readonly #region: string;
  readonly #dataKeys: DataKeyStore;
  readonly #blindIndexKeys: BlindIndexKeys;
  readonly #attributes = new AttributeRepository();

  constructor({ database, keyWrapper, region, catalogue = new AttributeCatalogue() }: VaultOptions) {
    this.catalogue = catalogue;
    this.#database = database;
    this.#region = region;
    const ring = new KeyRing({ database, keyWrapper, region });
    this.#dataKeys = new DataKeyStore({ ring, region });
    this.#blindIndexKeys = new BlindIndexKeys(ring, region);
  }

  /**
   * Stores values of a person in the caller's transaction (opened by `Database.inTenant`), replacing
   * earlier ones. Throws `not_found` (no such person), `unknown_attribute`, `invalid_request` (value
   * against its schema) and `payload_too_large` (64 KiB); no error holds a value.
   */
  async storeAttributes(
    tx: Queryable,
    request: Person & { values: readonly AttributeToStore[] },
  ): Promise<void> {
    const { tenantId, subjectId } = request;
    const values = request.values.map((one) => ({
      source: one.source,
      definition: this.catalogue.find(one.attribute),
      bytes: this.catalogue.encode(one.attribute, one.value),
    }));
    if (values.length === 0) return;
    const names = values.map((one) => one.definition.name);
    if (new Set(names).size < names.length)
      throw new UserrefError('invalid_request', { detail: 'An attribute is given twice.' });

    const epoch = await this.#attributes.lockPerson(tx, { tenantId, subjectId });
    if (epoch === undefined) throw new UserrefError('not_found');
    const person = { tenantId, subjectId, epoch };
    const classes = [...new Set(values.map((one) => one.definition.class))].sort();
    const keys = await this.#dataKeys.forWriting(tx, person, classes);
    const revisions = await this.#attributes.revisions(tx, person, names);

    const rows = values.map(({ definition, bytes, source }): SealedRow => {
      const { row, key } = keys(definition.class);
      const place = {
        attribute: definition.name,
        class: definition.class,
        keyVersion: row.version,
        rowRevision: (revisions.get(definition.name) ?? 0) + 1,
        schemaVersion: definition.schema_version,
      };
      const binding = this.#binding(person, { ...place, keyId: row.key_id });
      return { ...place, source, valueEnc: sealValue(key, binding, bytes) };
    });
    await this.#attributes.upsert(tx, person, rows);
    await this.#dataKeys.countEncryptions(tx, person, rows);
  }

  /**
   * Everything that is held about a person, sorted by name. For the person's own eyes: call it through
   * `OwnAttributes`, which audits. Throws `not_found` and `integrity_error`.
   */
  async openOwn(tenantId: string, subjectId: string): Promise<OpenedAttribute[]> {
    const own = await this.readOwn({ tenantId, subjectId });
    return this.openReleased({ tenantId, subjectId, epoch: own.epoch, sealed: own.sealed });
  }

  /** The sealed half of {@link openOwn}, for a caller that must be able to audit a failure to open. */
  async readOwn(person: Person): Promise<OwnAttributesRow> {
    const own = await this.#attributes.readOwn(this.#database, person);
    if (!own) throw new UserrefError('not_found');
    return own;
  }

  /**
   * Opens what the release decision has read. All or nothing: throws `integrity_error`, opaque to callers,
   * when one value or key does not belong where it was found, and `service_unavailable` when a key must be
   * unwrapped while the key management service is away.
   */
  async openReleased(person: SealedPerson): Promise<OpenedAttribute[]> {
    const keys = new Map(person.sealed.keys.map((key) => [`${key.class}|${key.version}`, key]));
    const opened: OpenedAttribute[] = [];
    for (const stored of person.sealed.values) {
      const row = keys.get(`${stored.class}|${stored.key_version}`);
      if (!row)
        throw new UserrefError('integrity_error', { logDetail: `${stored.attribute}: its data key is gone` });
      const wrapped = fromStoredKey(row);
      const key = this.#dataKeys.peek(person, wrapped) ?? (await this.#dataKeys.open(person, wrapped));
      opened.push({
        attribute: stored.attribute,
        value: this.#open(person, stored, row, key),
        source: stored.source,
      });
    }
    return opened.sort((a, b) => (a.attribute < b.attribute ? -1 : 1));
  }

  /** Keyed hash by which a person is found again; 32 bytes. See {@link BlindIndexKeys}. */
  async blindIndex(query: BlindIndexQuery): Promise<Buffer> {
    return (await this.blindIndexWithVersion(query)).hmac;
  }

  /** As {@link blindIndex}, with the version of the key for `cell.identifiers.index_version`. */
  blindIndexWithVersion(query: BlindIndexQuery): Promise<BlindIndex> {
    return this.#blindIndexKeys.index(query);
  }

  #open(person: PersonAtEpoch, stored: StoredValue, row: StoredKey, key: DataKey): unknown {
    const binding = this.#binding(person, {
      attribute: stored.attribute,
      class: stored.class,
      keyId: row.key_id,
      keyVersion: stored.key_version,
      schemaVersion: stored.schema_version,
      rowRevision: stored.row_rev,
    });
    const bytes = openValue(key, binding, Buffer.from(stored.value_enc, 'hex'));
    return JSON.parse(bytes.toString('utf8'));
  }

  #binding(
    person: Person,
    place: Omit<ValueBinding, 'region' | 'tenantId' | 'siteId' | 'subjectId'>,
  ): ValueBinding {
    return {
      region: this.#region,
      tenantId: person.tenantId,
      siteId: NO_SITE,
      subjectId: person.subjectId,
      ...place,
    };
  }
}

function fromStoredKey(row: StoredKey): WrappedDataKey {
  return {
    class: row.class,
    version: row.version,
    keyId: row.key_id,
    kekVersion: row.kek_version,
    wrapped: () => Buffer.from(row.wrapped_dek, 'hex'),
  };
}
