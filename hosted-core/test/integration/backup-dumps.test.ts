import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadAudit } from '../../src/cell/attributes/read-audit.ts';
import { ReleaseAttributes } from '../../src/cell/attributes/release-attributes.ts';
import { openVault } from '../../src/cell/vault/open-vault.ts';
import { Database } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { ADDRESS, AUDIENCE, type CellFixture, PURPOSE, TENANT } from '../support/cell-fixture.ts';
import { roleUrls } from '../support/database-urls.ts';
import {
  type DebianPostgres,
  debianPostgresIsMissing,
  startDebianPostgres,
} from '../support/debian-postgres.ts';
import { type HouseOnBackup, houseOn } from '../support/house-on-backup.ts';
import type { RestorableDatabase } from '../support/restorable-database.ts';
import { finish } from '../support/rotation-fixture.ts';
import { addCustomer, allowSealing, type Customer, sealRequest } from '../support/sealed-fixture.ts';

const GUIDE = readFileSync(new URL('../../../docs/guides/backup.md', import.meta.url), 'utf8');
const METADATA = '/.well-known/oauth-protected-resource';
const missing = debianPostgresIsMissing();

/** The commands of the guide, as they stand there, run as an operator would. */
function runGuide(block: RegExp, place: { folder: string; database: string }): void {
  const commands = [...GUIDE.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const found = commands.filter((text) => block.test(text));
  if (found.length !== 1) throw new Error(`${found.length} blocks of the guide match ${block}`);
  run(found[0] as string, place);
}

function run(commands: string, { folder, database }: { folder: string; database: string }): void {
  const [MAIN, KEYS] = ['main.dump', 'keys.sql'].map((name) => join(folder, name));
  const env = { ...process.env, DATABASE_URL: database, MAIN, KEYS };
  execFileSync('bash', ['-euo', 'pipefail', '-c', commands], { env, stdio: 'pipe' });
}

const DUMP = /pg_dump/;
const RESTORE = /pg_restore/;
const RESTORE_MAIN = 'pg_restore --dbname="$DATABASE_URL" "$MAIN"';

describe.skipIf(missing !== undefined)('a database that was dumped and restored', () => {
  let server: DebianPostgres;
  let house: HouseOnBackup;
  let erased: Customer;
  let bystander: Customer;
  let sealed: string;
  const urls = () => roleUrls(server.adminUrl, 'house');

  beforeAll(async () => {
    server = await startDebianPostgres();
    await onServer('create database house');
    await migrate(urls());
    house = await houseOn(urls() as RestorableDatabase);
    await withFixture(async (fixture) => {
      for (const sql of [
        `insert into core.tenants (tenant_id, issuer) values ('${TENANT}', 'http://${TENANT}.test')`,
        `insert into core.sites (tenant_id, site_id, name, origin, redirect_uris, secret_sha256)
         values ('${TENANT}', 'shop-a', 'Shop', 'http://shop.test', '{}', '')`,
      ])
        await fixture.admin.query(sql);
      await allowSealing(fixture, 'shop-a');
      erased = await addCustomer(fixture);
      bystander = await addCustomer(fixture);
      await fixture.release.seal(sealRequest(erased));
      ({ sealed } = await fixture.release.seal(sealRequest(bystander)));
    });
    runGuide(DUMP, { folder: house.folder, database: urls().adminUrl });
    await whileRunning(({ cell }) =>
      cell.port.erase({
        ...{ tenantId: TENANT, subjectId: erased.subjectId, requestId: 'request-dumps' },
      }),
    );
  });
  afterAll(async () => {
    house?.remove();
    await server?.stop();
  });

  async function onServer(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.adminUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }

  /** As another process would, past every gate. */
  async function withFixture<T>(work: (fixture: CellFixture) => Promise<T>): Promise<T> {
    const connect = (connectionString: string) => new Database({ connectionString, applicationName: 'test' });
    const { coreUrl, cellUrl, adminUrl } = urls();
    const [core, cell, admin] = [connect(coreUrl), connect(cellUrl), connect(adminUrl)];
    const keyService = { address: { scheme: 'file', path: house.keyFile } } as const;
    const { vault } = await openVault({ database: cell, region: 'eu', keyService });
    const audit = new ReadAudit({ database: cell });
    const release = new ReleaseAttributes({
      ...{ database: cell, vault, audit, audience: AUDIENCE, issuer: 'http://core.test' },
    });
    try {
      return await work({ core, cell, admin, vault, audit, release } as CellFixture);
    } finally {
      await audit.close();
      await Promise.all([core.close(), cell.close(), admin.close()]);
    }
  }

  async function whileRunning<T>(work: (house: Running) => Promise<T>): Promise<T> {
    const running = await house.start();
    try {
      return await work(running);
    } finally {
      await running.stop();
    }
  }
  type Running = Awaited<ReturnType<HouseOnBackup['start']>>;

  const restore = async (how: (place: { folder: string; database: string }) => void) => {
    await onServer('drop database house with (force)');
    await onServer('create database house');
    how({ folder: house.folder, database: urls().adminUrl });
  };
  const replay = async () => {
    const desk = house.desk();
    return desk.replay().finally(() => desk.close());
  };
  const openOf = ({ subjectId }: Customer) =>
    withFixture(async ({ vault }) => {
      const opened = await vault.openOwn(TENANT, subjectId);
      return Object.fromEntries(opened.map(({ attribute, value }) => [attribute, value]));
    });
  const unseal = () =>
    withFixture(({ release }) =>
      release.unseal({
        ...{ tenantId: TENANT, accessToken: bystander.accessToken },
        ...{ sealed, purpose: PURPOSE, orderRef: 'order-1' },
      }),
    );

  it('without the dump of the keys: the house refuses, nothing opens, and the person stays erased', async () => {
    await restore((place) => run(RESTORE_MAIN, place));
    await whileRunning(async (running) => {
      for (const half of ['core', 'cell'] as const) expect(await running.readiness(half)).toBe('failing');
      expect(await running.status('cell', METADATA)).toBe(503);
    });
    for (const person of [erased, bystander])
      await expect(openOf(person)).rejects.toMatchObject({ code: 'integrity_error' });
    await expect(unseal()).rejects.toMatchObject({ code: 'sealed_destroyed' });

    expect((await replay()).cell).toMatchObject({ restored: 1, erasedAgain: 1, orphanedKeys: 0 });
    await expect(openOf(erased)).rejects.toMatchObject({ code: 'not_found' });
    await whileRunning(async (running) => expect(await running.status('cell', METADATA)).toBe(200));
    await expect(openOf(bystander)).rejects.toMatchObject({ code: 'integrity_error' });
  });

  it('with the dump of the keys: the replay takes the erased person’s away, everybody else’s data opens', async () => {
    await restore((place) => runGuide(RESTORE, place));
    await whileRunning(async (running) => expect(await running.status('cell', METADATA)).toBe(503));
    expect(await openOf(erased)).toMatchObject({ 'address:shipping': ADDRESS });

    expect((await replay()).cell).toMatchObject({ restored: 1, erasedAgain: 1 });
    await expect(openOf(erased)).rejects.toMatchObject({ code: 'not_found' });
    const keysOf = `select 1 from cell_keys.subject_keys where subject_id = '${erased.subjectId}'`;
    expect(await withFixture(({ admin }) => admin.query(keysOf))).toEqual([]);
    expect(await openOf(bystander)).toMatchObject({ 'address:shipping': ADDRESS });
    expect(await unseal()).toEqual({ 'address:shipping': ADDRESS });
  });

  it('with keys that were rotated after the long-lived dump was made', async () => {
    await withFixture(async ({ vault }) => {
      const rotation = { tenantId: TENANT, kind: 'kek', class: 'address' } as const;
      await vault.rotation.start({ ...rotation, graceSeconds: 0, settleSeconds: 0 });
      await finish(vault, 'kek', 'address');
    });
    const newer = GUIDE.match(/^pg_dump --data-only.*$/m)?.[0] ?? 'exit 9';
    run(newer, { folder: house.folder, database: urls().adminUrl });

    await restore((place) => runGuide(RESTORE, place));
    await replay();
    expect(await openOf(bystander)).toMatchObject({ 'address:shipping': ADDRESS });
    await expect(openOf(erased)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('a key cannot be taken away from under an envelope all the same', async () => {
    await withFixture(async ({ admin, cell }) => {
      const remove = `delete from cell_keys.subject_keys where class = 'sealed'`;
      await expect(admin.query(remove)).rejects.toMatchObject({ code: '23503' });
      await expect(cell.inTenant(TENANT, (tx) => tx.query(remove))).rejects.toMatchObject({ code: '23503' });
    });
  });
});
