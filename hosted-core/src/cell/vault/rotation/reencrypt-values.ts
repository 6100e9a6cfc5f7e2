import type { Queryable } from '../../../database/database.ts';
import { type DataKeyStore, fromRow, type WritingKey } from '../data-key-store.ts';
import { bindingFor, openValue, sealValue } from '../value-format.ts';
import { type Batch, type BatchRequest, breathe, isDamage } from './batch.ts';
import {
  type PersonRow,
  ReencryptRepository,
  type ResealedValue,
  type SealedValueOfPerson,
} from './reencrypt-repository.ts';
import type { SubjectKeyOfPerson } from './rewrap-repository.ts';

/** What one person has in a class: keys newest first, and values. */
interface Holdings {
  readonly person: PersonRow;
  readonly keys: readonly SubjectKeyOfPerson[];
  readonly values: readonly SealedValueOfPerson[];
}

/** The same, opened. */
interface Opened {
  readonly holdings: Holdings;
  readonly plain: readonly Buffer[];
}

/**
 * Gives the people of a batch new data keys of one class and seals their values under them, all in one
 * transaction with their rows locked: a crash undoes the batch, and a person's own write comes before or
 * after it. People with anything that does not open keep all they have, and are counted.
 */
export async function reencryptBatch(
  tx: Queryable,
  dataKeys: DataKeyStore,
  request: BatchRequest & { rotationId: string },
): Promise<Batch> {
  const rows = new ReencryptRepository();
  const { tenantId, region, class: keyClass } = request;
  const people = await rows.lockPeople(tx, request);
  if (people.length === 0) return { seen: 0, moved: 0, unreadable: 0, cursorAfter: undefined };
  const subjectIds = people.map((person) => person.subject_id);
  const keys = Map.groupBy(await rows.keys(tx, { tenantId, class: keyClass, subjectIds }), ofPerson);
  const values = Map.groupBy(await rows.values(tx, { tenantId, class: keyClass, subjectIds }), ofPerson);

  const opened: Opened[] = [];
  for (const [index, person] of people.entries()) {
    await breathe(index);
    const own = person.subject_id;
    const holdings = { person, keys: keys.get(own) ?? [], values: values.get(own) ?? [] };
    const plain = await openAll(tx, dataKeys, { tenantId, region }, holdings);
    if (plain) opened.push({ holdings, plain });
  }
  const wanted = opened.map(({ holdings }) => ({
    subjectId: holdings.person.subject_id,
    version: (holdings.keys[0]?.version ?? 0) + 1,
    encryptions: holdings.values.length,
  }));
  const made = await dataKeys.create(tx, { tenantId, class: keyClass, keys: wanted });
  const resealed: ResealedValue[] = [];
  for (const [index, one] of opened.entries()) {
    await breathe(index);
    resealed.push(...reseal({ tenantId, region }, one, made[index] as WritingKey));
  }
  await rows.swap(tx, tenantId, resealed);
  await rows.dropUnused(tx, { tenantId, class: keyClass, subjectIds });
  return {
    seen: people.length,
    moved: opened.length,
    unreadable: people.length - opened.length,
    cursorAfter: subjectIds.at(-1),
  };
}

/** `undefined` when something does not open. */
async function openAll(
  tx: Queryable,
  dataKeys: DataKeyStore,
  { tenantId, region }: { tenantId: string; region: string },
  { person, keys, values }: Holdings,
): Promise<Buffer[] | undefined> {
  const subjectId = person.subject_id;
  try {
    const plain: Buffer[] = [];
    for (const value of values) {
      const row = keys.find((key) => key.version === value.key_version);
      if (!row) return undefined;
      const key = await dataKeys.unwrap({ tenantId, subjectId }, fromRow(row), tx);
      plain.push(
        openValue(key, bindingFor({ tenantId, region, subjectId }, value, row.key_id), value.value_enc),
      );
    }
    return plain;
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

function reseal(
  { tenantId, region }: { tenantId: string; region: string },
  { holdings, plain }: Opened,
  { row, key }: WritingKey,
): ResealedValue[] {
  const owner = { tenantId, region, subjectId: holdings.person.subject_id };
  return holdings.values.map((was, index) => {
    const bytes = plain[index] as Buffer;
    // The revision counts a person's writes, and this is none.
    const binding = bindingFor(owner, { ...was, key_version: row.version }, row.key_id);
    const valueEnc = sealValue(key, binding, bytes);
    bytes.fill(0);
    return { was, keyVersion: row.version, valueEnc };
  });
}

function ofPerson(row: { subject_id: string }): string {
  return row.subject_id;
}
