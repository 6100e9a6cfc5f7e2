import type { Queryable } from '../../../database/database.ts';
import type { AttributeCatalogue } from '../attribute-catalogue.ts';
import type { BlindIndex, BlindIndexKeys } from '../blind-index.ts';
import { type DataKeyStore, fromRow } from '../data-key-store.ts';
import { IdentifierRepository } from '../identifier-repository.ts';
import { type IdentifierField, INDEXED_ATTRIBUTES, normaliseIdentifier } from '../normalise-identifier.ts';
import { bindingFor, openValue } from '../value-format.ts';
import { type Batch, type BatchRequest, breathe, isDamage } from './batch.ts';
import { ReencryptRepository } from './reencrypt-repository.ts';

export interface IndexTools {
  readonly catalogue: AttributeCatalogue;
  readonly dataKeys: DataKeyStore;
  readonly indexKeys: BlindIndexKeys;
}

/** Indexes a batch of people under every live key of a field, from their stored values. */
export async function indexBatch(
  tx: Queryable,
  { catalogue, dataKeys, indexKeys }: IndexTools,
  { field, ...request }: BatchRequest & { field: IdentifierField; toVersion: number },
): Promise<Batch> {
  const { tenantId, region } = request;
  const identifiers = new IdentifierRepository();
  const sealed = new ReencryptRepository();
  const attribute = INDEXED_ATTRIBUTES[field];
  const keyClass = catalogue.find(attribute).class;
  const people = await identifiers.lockWithout(tx, { ...request, field, attribute });
  if (people.length === 0) return { seen: 0, moved: 0, unreadable: 0, cursorAfter: undefined };
  const subjectIds = people.map((person) => person.subject_id);
  const keys = Map.groupBy(
    await sealed.keys(tx, { tenantId, class: keyClass, subjectIds }),
    (row) => row.subject_id,
  );
  const values = await sealed.values(tx, { tenantId, class: keyClass, subjectIds });

  const indexed: { subjectId: string; indexes: BlindIndex[] }[] = [];
  let unreadable = 0;
  for (const [index, value] of values.filter((one) => one.attribute === attribute).entries()) {
    await breathe(index);
    const subjectId = value.subject_id;
    const row = keys.get(subjectId)?.find((key) => key.version === value.key_version);
    try {
      if (!row) throw new TypeError('a value without its key');
      const key = await dataKeys.unwrap({ tenantId, subjectId }, fromRow(row), tx);
      const bytes = openValue(
        key,
        bindingFor({ tenantId, region, subjectId }, value, row.key_id),
        value.value_enc,
      );
      const normalised = normaliseIdentifier(field, JSON.parse(bytes.toString('utf8')));
      if (normalised === undefined) continue;
      indexed.push({
        subjectId,
        indexes: await indexKeys.contactIndexes({ tenantId, field, value: normalised }, tx),
      });
    } catch (error) {
      if (row && !isDamage(error)) throw error;
      unreadable += 1;
    }
  }
  if (indexed.length > 0) await identifiers.replace(tx, { tenantId, field }, indexed);
  return { seen: people.length, moved: indexed.length, unreadable, cursorAfter: subjectIds.at(-1) };
}
