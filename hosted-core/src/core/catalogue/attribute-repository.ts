import type { Database, Queryable } from '../../database/database.ts';
import type { AttributeEntry } from '../../wall/catalogue.ts';
import type { AttributeDraft } from './attribute-definition.ts';

export interface ListedAttribute {
  readonly name: string;
  readonly version: number;
  readonly class: string;
  readonly specialCategory: boolean;
  readonly publishedAt: Date | null;
}

/** All SQL about operator-defined attributes. */
export class AttributeRepository {
  readonly #database: Database;
  readonly #tenantId: string;

  constructor(database: Database, tenantId: string) {
    this.#database = database;
    this.#tenantId = tenantId;
  }

  inTenant<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#database.inTenant(this.#tenantId, work);
  }

  async newestVersion(tx: Queryable, name: string): Promise<number> {
    const [row] = await tx.query<{ version: number }>(
      'select coalesce(max(schema_version), 0) as version from core.attributes where tenant_id = $1 and name = $2',
      [this.#tenantId, name],
    );
    return row?.version ?? 0;
  }

  async insert(tx: Queryable, draft: AttributeDraft): Promise<void> {
    await tx.query(
      `insert into core.attributes (tenant_id, name, schema_version, class, mask, schema, labels, derived,
         special_category, legal_basis)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        this.#tenantId,
        draft.name,
        draft.schema_version,
        draft.class,
        draft.mask,
        JSON.stringify(draft.schema),
        JSON.stringify(draft.labels),
        draft.derived ? JSON.stringify(draft.derived) : null,
        draft.special_category,
        draft.legal_basis ?? null,
      ],
    );
  }

  /** @returns the version that was published; `undefined` when there is no draft */
  async publish(tx: Queryable, name: string): Promise<number | undefined> {
    const [row] = await tx.query<{ version: number }>(
      `update core.attributes a set published_at = now()
       where a.tenant_id = $1 and a.name = $2 and a.published_at is null
         and a.schema_version = (select max(schema_version) from core.attributes where tenant_id = $1 and name = $2)
       returning a.schema_version as version`,
      [this.#tenantId, name],
    );
    return row?.version;
  }

  list(): Promise<ListedAttribute[]> {
    return this.inTenant((tx) =>
      tx.query<ListedAttribute>(
        `select name, schema_version as version, class, special_category as "specialCategory",
           published_at as "publishedAt"
         from core.attributes where tenant_id = $1 order by name, schema_version`,
        [this.#tenantId],
      ),
    );
  }

  /** The newest published version of each. */
  published(): Promise<AttributeEntry[]> {
    return this.inTenant((tx) =>
      tx.query<AttributeEntry>(
        `select distinct on (name) name, class, schema_version, mask, schema, labels,
           coalesce(derived ->> 'rule', 'country') <> 'country' as predicate, derived
         from core.attributes where tenant_id = $1 and published_at is not null
         order by name, schema_version desc`,
        [this.#tenantId],
      ),
    );
  }

  /** The class that earlier versions of the attribute have. */
  async classOf(tx: Queryable, name: string): Promise<string | undefined> {
    const [row] = await tx.query<{ class: string }>(
      'select class from core.attributes where tenant_id = $1 and name = $2 limit 1',
      [this.#tenantId, name],
    );
    return row?.class;
  }
}
