import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { addFullPerson, EMAIL, type FullPerson, placesOf } from '../support/erasable-person.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

let fixture: CellFixture;
let folder: string;
let person: FullPerson;
beforeAll(async () => {
  fixture = await createCellFixture();
  folder = mkdtempSync(join(tmpdir(), 'userref-dsr-'));
  person = await addFullPerson(fixture);
  const settings = {
    NODE_ENV: 'development',
    USERREF_TENANT: TENANT,
    USERREF_CORE_URL: `http://${TENANT}.test`,
    USERREF_CELL_URL: 'http://cell.test',
    USERREF_CORE_DATABASE_URL: fixture.coreUrl,
    USERREF_CELL_DATABASE_URL: fixture.cellUrl,
    USERREF_CORE_SECRET_FILE: join(folder, 'core.secret'),
    USERREF_UPSTREAM_ISSUER: 'http://upstream.test',
    USERREF_UPSTREAM_CLIENT_ID: 'cell',
    USERREF_UPSTREAM_CLIENT_SECRET: 'secret',
    USERREF_KMS: `file:${join(folder, 'vault.key')}`,
    USERREF_TOMBSTONE_LEDGER: join(folder, 'tombstones'),
    USERREF_KEY_BACKUP_DAYS: '3',
    USERREF_LOG_LEVEL: 'silent',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(folder, 'core.env'), lines.join('\n'), { mode: 0o600 });
});
afterAll(async () => {
  await fixture.drop();
  rmSync(folder, { recursive: true, force: true });
});

function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const args = ['--conditions=@userref/source', MAIN, '--config', join(folder, 'core.env'), ...words];
  const { PATH } = process.env;
  return new Promise((done) => {
    execFile(process.execPath, args, { env: { PATH } }, (error, out, err) =>
      done({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
  });
}

describe('userref-core dsr', () => {
  it('knows nobody by a user_ref that is none', async () => {
    for (const userRef of ['ppid_', `ppid_${'a'.repeat(26)}`]) {
      const { code, err } = await run('dsr', 'erase', '--user-ref', userRef);
      expect(code).toBe(1);
      expect(err).toMatch(/^not_found: /);
    }
    expect((await run('dsr', 'erase')).code).toBe(2);
  });

  it('erases by what one site knows, and gives the same receipt again, also as status', async () => {
    const words = ['--user-ref', person.userRefs['shop-b'], '--request-id', 'ticket-4711', '--json'];
    const first = await run('dsr', 'erase', ...words);
    expect(first).toMatchObject({ code: 0, err: '' });
    const receipt = JSON.parse(first.out);
    expect(receipt).toEqual({
      request_id: 'ticket-4711',
      state: 'erased',
      erased_at: expect.any(String),
      backups_until: expect.any(String),
      sites: [
        { site: 'shop-a', name: 'shop-a', state: 'pending', at: expect.any(String) },
        { site: 'shop-b', name: 'shop-b', state: 'no_endpoint', at: expect.any(String) },
      ],
      upstream: expect.stringContaining('not deleted'),
    });
    expect(Date.parse(receipt.backups_until) - Date.parse(receipt.erased_at)).toBe(3 * 86_400_000);
    expect(JSON.parse((await run('dsr', 'erase', ...words)).out)).toEqual(receipt);
    expect(JSON.parse((await run('dsr', 'status', 'ticket-4711', '--json')).out)).toEqual(receipt);
    expect(await placesOf(fixture.admin, [person.subjectId])).toEqual([]);
    expect(readdirSync(join(folder, 'tombstones'))).toHaveLength(2);
  });

  it('says it to people with both dates, every site, and nothing of the person', async () => {
    const { out } = await run('dsr', 'status', 'ticket-4711');
    expect(out).toMatch(/^Request ticket-4711: erased\.\nLive: since .*\nBackups: from .*\nSites:\n/);
    expect(out).toContain('shop-a (shop-a) is being told');
    expect(out).toContain('shop-b (shop-b) takes no webhooks: tell it yourself');
    for (const secret of [EMAIL, person.subjectId, ...Object.values(person.userRefs)])
      expect(out).not.toContain(secret);
    expect((await run('dsr', 'status', 'ticket-0000')).err).toMatch(/^not_found: /);
  });
});

describe('userref-core restore replay-tombstones', () => {
  it('has nothing to do on a database that is not an old one', async () => {
    const { code, out } = await run('restore', 'replay-tombstones', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      cell: { tombstones: 1, restored: 0, erasedAgain: 0, orphanedKeys: 0 },
      core: { tombstones: 1, restored: 0, erasedAgain: 0 },
    });
  });
});
