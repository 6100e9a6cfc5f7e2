import type { RotationKind } from '../../src/cell/vault/rotation/rotation-repository.ts';
import { Vault, type VaultOptions } from '../../src/cell/vault/vault.ts';
import { addPerson, type CellFixture, store, TENANT } from './cell-fixture.ts';

/** Nobody waits in these tests: a new key is active at once, and old writers are past at once. */
export const AT_ONCE = { graceSeconds: 0, settleSeconds: 0 };

/** Another process's vault, which keeps nothing in memory from one call to the next. */
export function forgetfulVault(fixture: CellFixture, options: Partial<VaultOptions> = {}): Vault {
  const lifetimes = { keySeconds: 0, dataKeySeconds: 0, staleWriterSeconds: 0 };
  return new Vault({
    database: fixture.cell,
    keyWrapper: fixture.keyWrapper,
    region: 'eu',
    lifetimes,
    ...options,
  });
}

/** People with one value of the class `identity` and one of `contact` each. */
export async function addPeople(fixture: CellFixture, count: number): Promise<string[]> {
  const people: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = await addPerson(fixture.admin);
    await store(fixture, person, valuesOf(index));
    people.push(person);
  }
  return people;
}

export function valuesOf(index: number): Record<string, string> {
  return { 'profile:name': `Sample Person ${index}`, 'contact:email': `sample-${index}@example.com` };
}

/** Steps until the rotation is finished; fails when it waits for something. */
export async function finish(vault: Vault, kind: RotationKind, keyClass: string): Promise<number> {
  for (let steps = 1; ; steps += 1) {
    const step = await vault.rotation.step({ tenantId: TENANT, kind, class: keyClass });
    if (step.result === 'finished') return steps;
    if (step.result !== 'more') throw new Error(`the rotation is ${step.result} after ${steps} steps`);
  }
}

export async function rotate(vault: Vault, kind: RotationKind, keyClass: string): Promise<void> {
  await vault.rotation.start({ tenantId: TENANT, kind, class: keyClass, ...AT_ONCE });
  await finish(vault, kind, keyClass);
}

/** How many data keys each version wraps, as `{ '1': 3 }`. */
export async function keysByVersion(fixture: CellFixture, keyClass: string): Promise<Record<string, number>> {
  const rows = await fixture.admin.query<{ version: number; count: number }>(
    `select kek_version as version, count(*)::int as count from cell_keys.subject_keys
     where tenant_id = $1 and class = $2 group by 1 order by 1`,
    [TENANT, keyClass],
  );
  return Object.fromEntries(rows.map(({ version, count }) => [String(version), count]));
}

/** A promise and the function that fulfils it. */
export function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, passed: promise };
}
