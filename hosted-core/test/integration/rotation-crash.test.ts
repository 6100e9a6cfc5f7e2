import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLocalKeyFile } from '../../src/cell/kms/local-key-file.ts';
import { LOOKUP_PERMISSION } from '../../src/cell/vault/find-people.ts';
import { type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { addPeople, forgetfulVault, valuesOf } from '../support/rotation-fixture.ts';

const KILLS = 100;
const AT_ONCE = 4;
const PEOPLE = 12;
const PROCESS = fileURLToPath(new URL('../support/rotation-process.ts', import.meta.url));

let fixture: CellFixture;
let folder: string;
const children = new Set<ChildProcess>();
let killing = false;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'userref-rotation-'));
  const keyWrapper = await openLocalKeyFile({ path: join(folder, 'vault.key'), whenMissing: 'create' });
  const database = await createCellFixture();
  fixture = { ...database, keyWrapper };
});
afterAll(async () => {
  killing = false;
  for (const child of children) child.kill('SIGKILL');
  await fixture.drop();
  rmSync(folder, { recursive: true });
});

async function rotator(): Promise<ChildProcess> {
  const place = {
    first: randomInt(3),
    databaseUrl: fixture.cellUrl,
    keyFile: join(folder, 'vault.key'),
    tenantId: TENANT,
  };
  const child = spawn(process.execPath, ['--conditions=@userref/source', PROCESS, JSON.stringify(place)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  children.add(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

/** Somewhere in the work: at once, or a moment after one of its first batches. */
async function workAndDie(child: ChildProcess): Promise<void> {
  const batches = randomInt(0, 4);
  let done = 0;
  const reached = new Promise<void>((resolve) => {
    child.stdout?.on('data', (dots: Buffer) => {
      done += dots.length;
      if (done >= batches) resolve();
    });
  });
  const exited = once(child, 'exit');
  child.stdin?.write('go\n');
  if (batches > 0) await Promise.race([reached, exited]);
  await new Promise((later) => setTimeout(later, randomInt(0, 30)));
  child.kill('SIGKILL');
  await exited;
  children.delete(child);
  expect(child.signalCode).toBe('SIGKILL');
}

it(`two rotators and more, killed at ${KILLS} random points, lose nothing: every value opens at every moment, and in the end nothing is old`, async () => {
  const vault = forgetfulVault(fixture);
  const people = await addPeople({ ...fixture, vault }, PEOPLE);
  killing = true;
  let reads = 0;
  const readAll = async () => {
    for (const [index, person] of people.entries()) {
      const opened = await vault.openOwn(TENANT, person);
      expect(Object.fromEntries(opened.map((one) => [one.attribute, one.value]))).toEqual(valuesOf(index));
      const search = { tenantId: TENANT, field: 'email', value: `sample-${index}@example.com` } as const;
      const caller = { id: `operator-${reads % 50}`, permissions: [LOOKUP_PERMISSION] };
      if (reads % 7 === 0) {
        const found = await vault.findPeople
          .find({ ...search, caller })
          .catch((error: { code: string }) => error.code);
        if (found !== 'rate_limited') expect(found).toEqual([person]);
      }
      reads += 1;
    }
  };
  const reading = (async () => {
    while (killing) {
      await readAll();
      // The rotators need the processor too.
      await new Promise((done) => setTimeout(done, 50));
    }
  })();
  let killed = 0;
  const lane = async () => {
    let next = rotator();
    while (killed < KILLS) {
      killed += 1;
      const child = await next;
      next = rotator();
      await workAndDie(child);
    }
    (await next).kill('SIGKILL');
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane)).finally(() => {
    killing = false;
  });
  await reading;

  for (const rotation of await vault.keys.rotations(TENANT)) {
    const { kind } = rotation;
    const request = { tenantId: TENANT, kind, class: rotation.class.replace('blind_index:', '') };
    let step = await vault.rotation.step(request);
    while (step.result === 'more' || step.result === 'waiting') step = await vault.rotation.step(request);
  }
  await readAll();
  const old = await fixture.admin.query(
    `select 1 from cell_keys.subject_keys k where k.class = 'contact' and k.kek_version <>
       (select version from cell.keys a where a.tenant_id = k.tenant_id and a.class = k.class and a.state = 'active')
     union all
     select 1 from cell.users_pii v where v.key_version <> (select max(version) from cell_keys.subject_keys k
       where k.tenant_id = v.tenant_id and k.subject_id = v.subject_id and k.class = v.class)`,
  );
  expect(old).toEqual([]);
  const leftOver = await fixture.admin.query(
    'select 1 from cell_keys.subject_keys group by tenant_id, subject_id, class having count(*) > 1',
  );
  expect(leftOver).toEqual([]);
  // No re-encryption counts as a write of the person, and none was done twice over.
  expect(await fixture.admin.query('select distinct row_rev from cell.users_pii')).toEqual([{ row_rev: 1 }]);
  const active = await fixture.admin.query(
    `select class from cell.keys where tenant_id = $1 group by class having count(*) filter (where state = 'active') <> 1`,
    [TENANT],
  );
  expect(active).toEqual([]);
  const moved = await fixture.admin.query<{ kind: string; moved: number }>(
    'select kind, sum(moved)::int as moved from cell.key_rotations group by kind order by kind',
  );
  process.stderr.write(`${KILLS} kills, ${reads} reads, moves: ${JSON.stringify(moved)}\n`);
  // The kills fell into the work, and not into its preparation.
  expect(moved).toHaveLength(3);
  const total = moved.reduce((sum, kind) => sum + kind.moved, 0);
  expect(total).toBeGreaterThan(KILLS);
}, 900_000);
