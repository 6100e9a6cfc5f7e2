import { afterAll, beforeAll, expect, it } from 'vitest';
import { rotationMetrics } from '../../src/cell/vault/rotation/rotation-metrics.ts';
import { createMetricsServer } from '../../src/http/metrics-server.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { AT_ONCE, addPeople, finish, forgetfulVault } from '../support/rotation-fixture.ts';

let fixture: CellFixture;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());

/** What a collector gets from a process that was not asked before. */
async function scrape(): Promise<string> {
  const read = rotationMetrics({ keys: fixture.vault.keys, tenantId: TENANT });
  const server = createMetricsServer({
    logger: createLogger({ level: 'silent' }),
    read,
  });
  const answer = await server.inject({ url: '/metrics' });
  await server.close();
  expect(answer.headers['content-type']).toContain('version=0.0.4');
  return answer.body;
}

it('the progress of a rotation is there as metrics, with the estimate, and nothing about anybody', async () => {
  const people = await addPeople(fixture, 4);
  expect(await scrape()).not.toContain('{');
  const vault = forgetfulVault(fixture, { rotationBatch: { kek: 1 } });
  const rotation = { tenantId: TENANT, kind: 'kek', class: 'contact' } as const;
  await vault.rotation.start({ ...rotation, ...AT_ONCE });
  await vault.rotation.step(rotation);
  await fixture.admin.query(`update cell.key_rotations set per_second = 1.5, window_at = now()`);
  const halfway = await scrape();
  for (const line of [
    'userref_key_rotation_remaining{kind="kek",class="contact"} 3',
    'userref_key_rotation_moved{kind="kek",class="contact"} 1',
    'userref_key_rotation_unreadable{kind="kek",class="contact"} 0',
    'userref_key_rotation_seconds_left{kind="kek",class="contact"} 2',
    'userref_key_rotation_finished{kind="kek",class="contact"} 0',
    '# TYPE userref_key_rotation_remaining gauge',
  ])
    expect(halfway.split('\n')).toContain(line);
  for (const person of people) expect(halfway).not.toContain(person);
  await finish(vault, 'kek', 'contact');
  expect(await scrape()).toContain('userref_key_rotation_finished{kind="kek",class="contact"} 1');
});

it('is counted once for collectors that come together', async () => {
  let counted = 0;
  const keys = {
    rotations: async () => {
      counted += 1;
      return [];
    },
  };
  const read = rotationMetrics({ keys, tenantId: TENANT });
  await Promise.all(Array.from({ length: 50 }, read));
  await read();
  expect(counted).toBe(1);
});
