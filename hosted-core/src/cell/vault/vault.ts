import type { Database, Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { KeyWrapper } from '../kms/key-wrapper.ts';
import type { Timing } from '../kms/timing.ts';
import { AttributeCatalogue } from './attribute-catalogue.ts';
import { AttributeRepository, type OwnAttributesRow, type SealedRow } from './attribute-repository.ts';
import { type BlindIndex, BlindIndexKeys, type BlindIndexQuery } from './blind-index.ts';
import { ContactIndex } from './contact-index.ts';
import type { DataKey } from './data-key.ts';
import { DataKeyStore, type PersonAtEpoch, type WrappedDataKey } from './data-key-store.ts';
import { Envelopes } from './envelopes.ts';
import { FindPeople } from './find-people.ts';
import { KeyRing } from './key-ring.ts';
import { KeyLifecycle } from './rotation/key-lifecycle.ts';
import { KeyRotation, type KeyRotationOptions } from './rotation/key-rotation.ts';
import type { OpenedAttribute, SealedPerson, StoredKey, StoredValue } from './stored-attributes.ts';
import { type Person, SubjectKeyRepository } from './subject-key-repository.ts';
import { bindingFor, openValue, sealValue } from './value-format.ts';

export interface VaultOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly keyWrapper: KeyWrapper;
  /** Region of this cell; bound into every key and value. */
  readonly region: string;
  readonly catalogue?: AttributeCatalogue;
  /** For tests, which do not wait: how long keys stay in memory, and writers with an old key are expected. */
  readonly lifetimes?: {
    readonly keySeconds?: number;
    readonly dataKeySeconds?: number;
    readonly staleWriterSeconds?: number;
  };
  /** A clock of the test's own. */
  readonly timing?: Pick<Timing, 'now'>;
  /** Rows a batch of a rotation; see {@link KeyRotation}. */
  readonly rotationBatch?: KeyRotationOptions['batch'];
  /** Default 30. */
  readonly lookupsPerMinute?: number;
}

export interface AttributeToStore {
  readonly attribute: string;
  readonly value: unknown;
  /** Where the value came from, such as `upstream` or `person`. */
  readonly source: string;
}

/**
 * Keeps people's attributes: seals them under a data key of each person and class, and opens them again
 * in the place that they were stored for, and nowhere else. It decides nothing about who may read; that
 * is `cell/attributes`.
 */
export class Vault {
  readonly catalogue: AttributeCatalogue;
  /** Rotating keys, in the background. */
  readonly rotation: KeyRotation;
  /** How keys stand; closing and destroying old versions. */
  readonly keys: KeyLifecycle;
  /** For operators who answer people's requests. */
  readonly findPeople: FindPeople;
  /** What sites keep and cannot read. */
  readonly envelopes: Envelopes;
  readonly #database: Database;
  readonly #region: string;
  readonly #ring: KeyRing;
  readonly #dataKeys: DataKeyStore;
  readonly #indexKeys: BlindIndexKeys;
  readonly #attributes = new AttributeRepository();
  readonly #contacts: ContactIndex;

  constructor(options: VaultOptions) {
    const { database, keyWrapper, region, catalogue = new AttributeCatalogue(), lifetimes = {} } = options;
    const { keySeconds, dataKeySeconds, staleWriterSeconds } = lifetimes;
    this.catalogue = catalogue;
    this.#database = database;
    this.#region = region;
    const { timing } = options;
    const monotonicNow = timing && (() => timing.now());
    const ring = new KeyRing({
      ...{ database, keyWrapper, region },
      ...given({ ttlSeconds: keySeconds, monotonicNow }),
    });
    const dataKeys = new DataKeyStore({
      ...{ ring, region },
      ...given({ ttlSeconds: dataKeySeconds, staleWriterSeconds, monotonicNow }),
    });
    const indexKeys = new BlindIndexKeys(ring, region);
    this.envelopes = new Envelopes({ ring, dataKeys, rows: new SubjectKeyRepository(), region });
    this.#ring = ring;
    this.#dataKeys = dataKeys;
    this.#indexKeys = indexKeys;
    this.#contacts = new ContactIndex(indexKeys);
    const batch = given({ batch: options.rotationBatch });
    this.rotation = new KeyRotation({ database, region, ring, dataKeys, indexKeys, catalogue, ...batch });
    this.keys = new KeyLifecycle({ database, region, ring, ...given({ staleWriterSeconds }) });
    const limit = given({ limitPerMinute: options.lookupsPerMinute });
    this.findPeople = new FindPeople({ database, indexKeys, ...limit });
  }

  /**
   * Has the keys at hand that storing these attributes will need. Call it before opening the transaction:
   * a writer who must wait for the key service then does not keep a connection from others.
   */
  async prepareToStore(tenantId: string, attributes: readonly string[]): Promise<void> {
    const classes = new Set(attributes.map((name) => this.catalogue.find(name).class));
    await Promise.all([...classes].map((keyClass) => this.#ring.active(tenantId, keyClass)));
    await this.#contacts.prepare(tenantId, attributes);
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
        key_version: row.version,
        row_rev: (revisions.get(definition.name) ?? 0) + 1,
        schema_version: definition.schema_version,
      };
      const binding = bindingFor({ tenantId, subjectId, region: this.#region }, place, row.key_id);
      return { ...place, source, value_enc: sealValue(key, binding, bytes) };
    });
    await this.#attributes.upsert(tx, person, rows);
    await this.#dataKeys.countEncryptions(tx, person, rows);
    await this.#contacts.store(tx, person, request.values);
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

  /** Whether {@link openAtOnce} will most likely do for what is stored of these attributes. */
  async isReadyToOpen(tenantId: string, attributes: readonly string[]): Promise<boolean> {
    await this.#ring.look(tenantId);
    return attributes.every((name) => this.#ring.isAtHand(tenantId, this.catalogue.find(name).class));
  }

  /**
   * As {@link openReleased}, in this very turn, for who has asked {@link isReadyToOpen} just before: `undefined`
   * when somebody must be asked for a key.
   */
  openAtOnce(person: SealedPerson): OpenedAttribute[] | undefined {
    const opened: OpenedAttribute[] = [];
    for (const { stored, row } of withKeys(person)) {
      const key = this.#dataKeys.openAtOnce(person, fromStoredKey(row));
      if (!key) return undefined;
      opened.push(this.#open(person, stored, row, key));
    }
    return opened;
  }

  /**
   * Opens what the release decision has read, sorted by name. All or nothing: throws `integrity_error`, opaque
   * to callers, when one value or key does not belong where it was found, and `service_unavailable` when a key
   * must be unwrapped while the key management service is away.
   */
  async openReleased(person: SealedPerson): Promise<OpenedAttribute[]> {
    await this.#ring.look(person.tenantId);
    const opened: OpenedAttribute[] = [];
    for (const { stored, row } of withKeys(person)) {
      const wrapped = fromStoredKey(row);
      const key = this.#dataKeys.openAtOnce(person, wrapped) ?? (await this.#dataKeys.open(person, wrapped));
      opened.push(this.#open(person, stored, row, key));
    }
    return opened.sort((a, b) => (a.attribute < b.attribute ? -1 : 1));
  }

  /** Keyed hash by which a person is found again; 32 bytes. See {@link BlindIndexKeys}. */
  async blindIndex(query: BlindIndexQuery): Promise<Buffer> {
    return (await this.#indexKeys.index(query)).hmac;
  }

  /** Under every key in use, newest first: write all of them, search for any. */
  blindIndexes(query: BlindIndexQuery): Promise<BlindIndex[]> {
    return this.#indexKeys.indexes(query);
  }

  #open(person: PersonAtEpoch, stored: StoredValue, row: StoredKey, key: DataKey): OpenedAttribute {
    const { tenantId, subjectId } = person;
    const binding = bindingFor({ tenantId, subjectId, region: this.#region }, stored, row.key_id);
    const bytes = openValue(key, binding, Buffer.from(stored.value_enc, 'hex'));
    return { attribute: stored.attribute, value: JSON.parse(bytes.toString('utf8')), source: stored.source };
  }
}

/** Each value with the row of its data key. */
function withKeys({ sealed }: SealedPerson): { stored: StoredValue; row: StoredKey }[] {
  return sealed.values.map((stored) => {
    const row = sealed.keys.find((key) => key.class === stored.class && key.version === stored.key_version);
    if (row) return { stored, row };
    throw new UserrefError('integrity_error', { logDetail: `${stored.attribute}: its data key is gone` });
  });
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

/** Options that were not given are left to their defaults. */
function given<T extends object>(options: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: NonNullable<T[Name]> };
}
