import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVault } from '../../src/cell/vault/open-vault.ts';
import type { Database } from '../../src/database/database.ts';
import { TENANT } from '../support/cell-fixture.ts';
import { addFullPerson, EMAIL, type FullPerson, placesOf } from '../support/erasable-person.ts';
import { type HouseOnBackup, houseOn } from '../support/house-on-backup.ts';
import { createRestorableDatabase, type RestorableDatabase } from '../support/restorable-database.ts';
import { until } from '../support/until.ts';

const REQUEST = 'request-restore';
const METADATA = '/.well-known/oauth-protected-resource';
const DISCOVERY = '/.well-known/openid-configuration';

let database: RestorableDatabase;
let house: HouseOnBackup;
let person: FullPerson;
let bystander: FullPerson;

beforeEach(async () => {
  database = await createRestorableDatabase();
  house = await houseOn(database);
  await withDatabase(async (open) => {
    for (const sql of [
      `insert into core.tenants (tenant_id, issuer) values ('${TENANT}', 'http://${TENANT}.test')`,
      `insert into core.sites (tenant_id, site_id, name, origin, redirect_uris, secret_sha256)
       select '${TENANT}', id, id, 'http://shop.test', '{}', '' from unnest(array['shop-a', 'shop-b']) id`,
    ])
      await open.admin.query(sql);
    const fixture = { ...open, vault: await vaultOn(open.cell) };
    person = await addFullPerson(fixture as never);
    bystander = await addFullPerson(fixture as never);
  });
});
afterEach(async () => {
  house.remove();
  await database.drop();
});

interface OpenDatabase {
  readonly core: Database;
  readonly cell: Database;
  readonly admin: Database;
}

async function withDatabase<T>(work: (open: OpenDatabase) => Promise<T>): Promise<T> {
  try {
    return await work(database.open());
  } finally {
    await database.close();
  }
}

async function vaultOn(cell: Database) {
  const keyService = { address: { scheme: 'file', path: house.keyFile } } as const;
  return (await openVault({ database: cell, region: 'eu', keyService })).vault;
}

/** Reads past every gate, as somebody with the database and the key service would. */
const openDirectly = (subjectId: string) =>
  withDatabase(async ({ cell }) => {
    const opened = await (await vaultOn(cell)).openOwn(TENANT, subjectId);
    return opened.map((one) => JSON.stringify(one.value)).join();
  });

const eraseThrough = async ({ subjectId }: FullPerson, requestId = REQUEST) => {
  const running = await house.start();
  try {
    return await running.cell.port.erase({ tenantId: TENANT, subjectId, requestId });
  } finally {
    await running.stop();
  }
};

const replay = async () => {
  const desk = house.desk();
  try {
    return await desk.replay();
  } finally {
    await desk.close();
  }
};

const tracesOf = ({ subjectId, userRefs }: FullPerson) =>
  withDatabase(async ({ admin }) => {
    const places = await placesOf(admin, [subjectId, ...Object.values(userRefs)]);
    return places.filter((place) => !place.startsWith('core.webhook_'));
  });

describe('a backup from before an erasure', () => {
  it('is refused, its data does not open, and after the replay the person stays erased', async () => {
    const backup = await database.backup({ withoutKeys: true });
    await eraseThrough(person);
    await database.restore(backup);

    const running = await house.start();
    try {
      await running.startJobs();
      expect(await running.readiness('cell')).toBe('failing');
      expect(await running.readiness('core')).toBe('failing');
      expect(await running.status('cell', METADATA)).toBe(503);
      expect(await running.status('core', DISCOVERY)).toBe(503);
      expect(await running.status('cell', '/healthz')).toBe(200);
      expect((await tracesOf(person)).length).toBeGreaterThan(5);
      await expect(openDirectly(person.subjectId)).rejects.toMatchObject({ code: 'integrity_error' });

      const result = await replay();
      expect(result.cell).toMatchObject({ tombstones: 1, restored: 1, erasedAgain: 1 });
      expect(result.core).toMatchObject({ tombstones: 1, restored: 1, erasedAgain: 1 });
      expect(await running.readiness('cell')).toBe('ok');
      expect(await running.readiness('core')).toBe('ok');
      expect(await running.status('cell', METADATA)).toBe(200);
    } finally {
      await running.stop();
    }
    expect(await tracesOf(person)).toEqual([]);
    await expect(openDirectly(person.subjectId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('opens nothing either when the keys came back with it: the replay deletes them again', async () => {
    const backup = await database.backup();
    await eraseThrough(person);
    await database.restore(backup);
    expect(await openDirectly(person.subjectId)).toContain(EMAIL);
    await replay();
    await expect(openDirectly(person.subjectId)).rejects.toMatchObject({ code: 'not_found' });
    await withDatabase(async ({ admin }) => {
      const keys = await admin.query('select 1 from cell_keys.subject_keys where subject_id = $1', [
        person.subjectId,
      ]);
      expect(keys).toEqual([]);
    });
    expect(await openDirectly(bystander.subjectId)).toContain(EMAIL);
  });

  it('refuses further erasures until then, and gives the old receipt afterwards', async () => {
    const backup = await database.backup();
    const receipt = await eraseThrough(person);
    await database.restore(backup);
    await expect(eraseThrough(bystander, 'request-other')).rejects.toMatchObject({
      code: 'service_unavailable',
    });
    await replay();
    const again = await eraseThrough(person);
    expect([again.erasedAt, again.backupsUntil]).toEqual([receipt.erasedAt, receipt.backupsUntil]);
    expect(await eraseThrough(bystander, 'request-other')).toMatchObject({ state: 'erased' });
  });

  it('tells the sites again, since nobody knows whether they were told', async () => {
    const backup = await database.backup();
    await eraseThrough(person);
    await database.restore(backup);
    await replay();
    await withDatabase(async ({ admin }) => {
      const events = await admin.query(`select 1 from core.webhook_events where type = 'subject.erased'`);
      expect(events).toHaveLength(2);
    });
  });

  it('may be replayed any number of times', async () => {
    const backup = await database.backup();
    await eraseThrough(person);
    await database.restore(backup);
    await Promise.all([replay(), replay(), replay()]);
    expect((await replay()).cell).toMatchObject({ tombstones: 1, restored: 0, erasedAgain: 0 });
    expect(await tracesOf(person)).toEqual([]);
  });

  it('is noticed when it is swapped in under a running house', async () => {
    const backup = await database.backup();
    await eraseThrough(person);
    const running = await house.start();
    try {
      expect(await running.readiness('cell')).toBe('ok');
      await database.restore(backup);
      await running.startJobs();
      await until(async () => (await running.readiness('cell')) === 'failing', 'the gate to close');
      expect(await running.status('cell', METADATA)).toBe(503);
    } finally {
      await running.stop();
    }
  });
});

describe('a database that is as new as its ledger', () => {
  it('is worked on, also after a restart', async () => {
    await eraseThrough(person);
    const running = await house.start();
    expect(await running.readiness('cell')).toBe('ok');
    expect(await running.status('cell', METADATA)).toBe(200);
    await running.stop();
  });

  it('is refused when rows of an erased person came back into it', async () => {
    const rows = await withDatabase(({ admin }) =>
      admin.query<{ row: object }>('select to_jsonb(p) as row from cell.people p where subject_id = $1', [
        person.subjectId,
      ]),
    );
    await eraseThrough(person);
    await withDatabase(({ admin }) =>
      admin.query('insert into cell.people select * from jsonb_populate_record(null::cell.people, $1)', [
        rows[0]?.row,
      ]),
    );
    const running = await house.start();
    expect(await running.readiness('cell')).toBe('failing');
    await replay();
    expect(await running.readiness('cell')).toBe('ok');
    await running.stop();
    expect(await tracesOf(person)).toEqual([]);
  });

  it('loses data keys that came back without their person', async () => {
    await eraseThrough(person);
    await withDatabase(({ admin }) =>
      admin.query(`set session_replication_role = replica; insert into cell_keys.subject_keys
        (tenant_id, subject_id, class, version, key_id, kek_version, wrapped_dek)
        select tenant_id, '${person.subjectId}', class, version, key_id, kek_version, wrapped_dek
        from cell_keys.subject_keys where subject_id = '${bystander.subjectId}';
        set session_replication_role = default`),
    );
    expect((await replay()).cell.orphanedKeys).toBeGreaterThan(0);
    expect(await tracesOf(person)).toEqual([]);
  });

  it('loses keys of envelopes that were destroyed since', async () => {
    await withDatabase(({ admin }) =>
      admin.query(
        `insert into cell_keys.subject_keys (tenant_id, subject_id, class, version, key_id, kek_version, wrapped_dek)
         values ($1, $2, 'sealed', 7, gen_random_uuid(), 1, 'wrapped')`,
        [TENANT, bystander.subjectId],
      ),
    );
    expect((await replay()).cell.orphanedKeys).toBe(1);
    expect(await openDirectly(bystander.subjectId)).toContain(EMAIL);
  });
});

describe('the ledger', () => {
  const path = (half: string) => join(house.ledgerFolder, `${TENANT}.${half}.tombstones.jsonl`);

  it('holds nothing of the person, and is written before the receipt is given', async () => {
    await eraseThrough(person);
    for (const half of ['core', 'cell']) {
      const text = readFileSync(path(half), 'utf8');
      expect(text).toContain(REQUEST);
      for (const secret of [person.subjectId, ...Object.values(person.userRefs), EMAIL])
        expect(text).not.toContain(secret);
    }
  });

  it('that was lost is written again from the database', async () => {
    await eraseThrough(person);
    const before = readFileSync(path('cell'), 'utf8');
    rmSync(path('cell'));
    const running = await house.start();
    await running.startJobs();
    await running.stop();
    expect(readFileSync(path('cell'), 'utf8')).toBe(before);
  });

  it('that has a line changed stops the replay', async () => {
    const backup = await database.backup();
    await eraseThrough(person);
    await eraseThrough(bystander, 'request-second');
    const lines = readFileSync(path('cell'), 'utf8').trimEnd().split('\n');
    const changed = (lines[0] ?? '').replace(/"subject_sha256":"./, '"subject_sha256":"0');
    writeFileSync(path('cell'), `${[changed, lines[1]].join('\n').replace(/:"0/, ':"1')}\n`);
    await database.restore(backup);
    await expect(replay()).rejects.toThrow('The tombstone ledger was changed at line 2');
  });

  it('that cannot be read keeps the house closed', async () => {
    await eraseThrough(person);
    writeFileSync(path('cell'), 'nonsense\n');
    const running = await house.start();
    expect(await running.readiness('cell')).toBe('failing');
    expect(await running.status('cell', METADATA)).toBe(503);
    await running.stop();
  });
});
