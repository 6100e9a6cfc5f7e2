import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readFingerprints } from '../../../sdk-core/cli/scan/needles/fingerprint-file.ts';
import { visit } from '../../bench/client/page-visitor.ts';
import { SAMPLE_PEOPLE } from '../../src/development-sign-in/sample-people.ts';
import { Browser } from '../support/browser.ts';
import { startEmulatorSite } from '../support/emulator-site.ts';
import { runCli } from '../support/upstream-cli.ts';
import { runUserref } from '../support/userref-cli.ts';

const folder = inject('emulatorFolder');
const { config_file: configFile } = inject('emulator');
const work = mkdtempSync(join(tmpdir(), 'userref-scan-'));
const file = (name: string) => join(work, name);
const [amber, birch] = SAMPLE_PEOPLE as [(typeof SAMPLE_PEOPLE)[0], (typeof SAMPLE_PEOPLE)[0]];
const adminUrl = new URL(/USERREF_ADMIN_DATABASE_URL=(.+)/.exec(readFileSync(configFile, 'utf8'))?.[1] ?? '');

async function asAdmin(database: string, ...statements: string[]): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = database;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

function scan(database: string, ...words: string[]) {
  const url = new URL(adminUrl);
  url.pathname = database;
  const env = { USERREF_SCAN_DATABASE_URL: url.href };
  return runUserref(['scan', '--database', '--json', ...words], { cwd: work, env });
}

beforeAll(async () => {
  const site = await startEmulatorSite(folder);
  for (const login of ['amber', 'birch']) await visit(new Browser(), `${site.url}/userref/login`, { login });
  await site.close();
  await asAdmin('postgres', 'create database shop');
  await asAdmin(
    'shop',
    'create schema cms',
    'create table cms.orders (id int primary key, total numeric, note text, extra jsonb, raw bytea)',
    `insert into cms.orders select n, n * 1.5, 'order ' || n, jsonb_build_object('n', n), sha256(n::text::bytea)
       from generate_series(1, 2000) n`,
  );
  writeFileSync(file('canaries.txt'), `${amber.email}\n${birch.phone_number}\n`);
});
afterAll(async () => {
  await asAdmin('postgres', 'drop database shop with (force)');
  rmSync(work, { recursive: true, force: true });
});

describe('a live PostgreSQL', () => {
  it('is clean as long as it is', async () => {
    const { code, out } = await scan('shop', '--canaries', file('canaries.txt'));
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ clean: true, not_read: [] })]);
  });

  it('gives away table, column and row of what leaked into it', async () => {
    await asAdmin(
      'shop',
      `update cms.orders set note = 'call ' || '020 2555 0143' || ' or (202) 555-0143' where id = 7`,
      `update cms.orders set extra = jsonb_build_object('q', '${encodeURIComponent(amber.email)}') where id = 1999`,
      `update cms.orders set raw = '${amber.email.toUpperCase()}'::bytea where id = 12`,
    );
    const { code, out } = await scan('shop', '--canaries', file('canaries.txt'));
    expect(code).toBe(1);
    const { findings } = JSON.parse(out);
    expect(
      findings.map(({ column, row, kind }: Record<string, string>) => `${column} ${row} ${kind}`).sort(),
    ).toEqual([
      'cms.orders.extra id=1999 canary 1',
      'cms.orders.note id=7 canary 2',
      'cms.orders.note id=7 canary 2',
      'cms.orders.raw id=12 canary 1',
    ]);
    expect(out).not.toContain(amber.email);
  });

  it('is not called clean where a policy hides rows from the scanner', async () => {
    await asAdmin(
      'shop',
      'create role watcher login password $$w$$',
      'grant usage on schema cms to watcher',
      'grant select on all tables in schema cms to watcher',
      'alter table cms.orders enable row level security',
    );
    const url = new URL(adminUrl);
    [url.username, url.password, url.pathname] = ['watcher', 'w', 'shop'];
    const env = { USERREF_SCAN_DATABASE_URL: url.href };
    const args = ['scan', '--database', '--json', '--canaries', file('canaries.txt')];
    const { code, out } = await runUserref(args, { cwd: work, env });
    expect([code, JSON.parse(out).not_read]).toEqual([
      2,
      [expect.objectContaining({ source: 'postgres: cms.orders' })],
    ]);
    await asAdmin('shop', 'alter table cms.orders disable row level security');
  });

  it('is not changed by it', async () => {
    await asAdmin(
      'shop',
      `create function cms.boom() returns trigger language plpgsql as $$ begin raise 'written'; end $$`,
    );
    const { code } = await scan('shop', '--canaries', file('canaries.txt'));
    expect(code).toBe(1);
  });

  it('is not called clean where it holds files that are in no table', async () => {
    await asAdmin('shop', `select lo_from_bytea(4711, '${amber.email}')`);
    const { out } = await scan('shop', '--canaries', file('canaries.txt'));
    expect(JSON.parse(out).not_read).toMatchObject([{ source: 'postgres: large objects' }]);
    await asAdmin('shop', 'select lo_unlink(4711)');
  });

  it('that cannot be reached is told without its password', async () => {
    const env = { USERREF_SCAN_DATABASE_URL: 'postgres://user:hidden-password@127.0.0.1:1/none' };
    const args = ['scan', '--database', '--canaries', file('canaries.txt')];
    const { code, err } = await runUserref(args, { cwd: work, env });
    expect([code, err]).toEqual([2, expect.not.stringContaining('hidden-password')]);
  });
});

describe('fingerprints from the cell', () => {
  const made = () => ['--fingerprints', file('people.ufp'), '--key', file('people.key')];

  beforeAll(async () => {
    const words = ['--config', configFile, 'dsr', 'fingerprints', '--out', file('people.ufp')];
    const { code, output } = await runCli([...words, '--key-out', file('people.key'), '--valid-hours', '1']);
    expect([code, output]).toEqual([0, expect.stringMatching(/fingerprints of 2 people/)]);
  });

  it('hold no value in any form', () => {
    const bytes = readFileSync(file('people.ufp'));
    for (const person of [amber, birch]) {
      for (const value of [person.email, person.name, person.phone_number, person.address.street_address]) {
        expect(bytes.includes(value)).toBe(false);
        expect(bytes.toString('latin1').toLowerCase()).not.toContain(value.toLowerCase());
      }
    }
  });

  it('find people in a dump whom nobody named', async () => {
    const dump = [
      'first line',
      `{"to":"${Buffer.from(birch.email).toString('base64')}"}`,
      `ship to ${amber.address.street_address.toUpperCase()}, ${amber.address.postal_code}`,
      `Personamber, Sample Amber · tel. 020 7946 0171`,
      'Berlin, Anna, 1991-04-17, GB',
    ].join('\n');
    writeFileSync(file('dump.txt'), dump);
    const { code, out } = await runUserref(['scan', 'dump.txt', '--json', ...made()], { cwd: work });
    expect(code).toBe(1);
    const { findings } = JSON.parse(out);
    const found = findings.map(({ line, kind }: { line: number; kind: string }) => `${line} ${kind}`);
    expect(found).toEqual(
      expect.arrayContaining(['2 contact:email', '3 address:shipping', '4 contact:phone']),
    );
    expect(found.filter((one: string) => /^[15] /.test(one))).toEqual([]);
  });

  it('find nothing in the core’s own half, which holds no personal data', async () => {
    const { code, out } = await scan('userref', ...made());
    const { findings, not_read } = JSON.parse(out);
    expect([code, findings, not_read]).toEqual([0, [], []]);
  });

  it('open for as long as they were made for', () => {
    const files = { path: file('people.ufp'), keyPath: file('people.key') };
    const now = Math.floor(Date.now() / 1000);
    expect(readFingerprints(files, { now: now + 3500 }).fingerprints.length).toBeGreaterThan(10);
    expect(() => readFingerprints(files, { now: now + 3601 })).toThrow('good until');
  });

  it('open with their own key only, and whole', async () => {
    writeFileSync(file('other.key'), `ufk1_${Buffer.alloc(32, 1).toString('base64url')}\n`);
    const altered = readFileSync(file('people.ufp'));
    altered[altered.length - 40] = (altered[altered.length - 40] ?? 0) ^ 1;
    writeFileSync(file('altered.ufp'), altered);
    const longer = readFileSync(file('people.ufp'), 'latin1').replace(/"expires_at":"2/, '"expires_at":"3');
    writeFileSync(file('longer.ufp'), longer, 'latin1');
    for (const [fingerprints, key] of [
      ['people.ufp', 'other.key'],
      ['altered.ufp', 'people.key'],
      ['longer.ufp', 'people.key'],
    ] as const) {
      const args = ['scan', 'dump.txt', '--fingerprints', file(fingerprints), '--key', file(key)];
      const { code, err } = await runUserref(args, { cwd: work });
      expect([fingerprints, code, err]).toEqual([
        fingerprints,
        2,
        expect.stringContaining('cannot be opened'),
      ]);
    }
  });
});
