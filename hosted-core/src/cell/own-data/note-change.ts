import type { Database, Queryable } from '../../database/database.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import { addJob, type JobTask } from '../../jobs/job-queue.ts';
import type { CoreGateway } from '../../wall/core-gateway.ts';
import type { PersonKey } from '../people/people-repository.ts';
import type { AttributeCatalogue } from '../vault/attribute-catalogue.ts';
import { findAttributeChange, insertAttributeChange, readersOf } from './attribute-changes-repository.ts';

export const ATTRIBUTES_CHANGED_TASK = 'attributes-changed';

/** Notes in the caller's transaction that values changed; the job tells the sites that may read them. */
export async function noteChange(
  tx: Queryable,
  change: PersonKey & { attributes: readonly string[]; at: Date },
): Promise<void> {
  const { tenantId, subjectId, attributes, at } = change;
  const changeId = `chg_${randomBase32(26)}`;
  await insertAttributeChange(tx, { tenantId, subjectId, changeId, attributes, occurredAt: at });
  await addJob(tx, 'cell_jobs', {
    task: ATTRIBUTES_CHANGED_TASK,
    payload: { tenantId, changeId },
    key: changeId,
  });
}

export interface TellOfChangesDependencies {
  /** As `cell_app`. */
  readonly database: Database;
  readonly core: Pick<CoreGateway, 'attributesChanged'>;
  readonly catalogue: Pick<AttributeCatalogue, 'list'>;
  readonly now: () => Date;
}

/** The handler of the job `attributes-changed`. Telling twice does nothing: the core knows the change by its id. */
export function attributesChangedTask({
  database,
  core,
  catalogue,
  now,
}: TellOfChangesDependencies): JobTask {
  return async (payload) => {
    const key = { tenantId: String(payload.tenantId), changeId: String(payload.changeId) };
    const found = await database.inTenant(key.tenantId, async (tx) => {
      const change = await findAttributeChange(tx, key);
      if (!change) return undefined;
      const attributes = withDerived(change.attributes, catalogue);
      return { change, sites: await readersOf(tx, { ...change, attributes, now: now() }) };
    });
    if (!found || found.sites.length === 0) return;
    const { change, sites } = found;
    const { tenantId, subjectId, changeId: eventId } = change;
    await core.attributesChanged({ eventId, tenantId, subjectId, sites });
  };
}

/** What is worked out from a value changes with it. */
function withDerived(attributes: readonly string[], catalogue: Pick<AttributeCatalogue, 'list'>): string[] {
  const derived = catalogue.list().filter(({ derived: rule }) => rule && attributes.includes(rule.from));
  return [...attributes, ...derived.map(({ name }) => name)];
}
