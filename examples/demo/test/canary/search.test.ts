import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CanaryForm, type CanaryPlace, searchForCanaries } from '../../src/canary/search.ts';

const canary = 'Österstraße "Am Bächle" 17/A???';
const other = 'nobody@example.invalid';

const spellings: readonly (readonly [string, CanaryForm, string])[] = [
  ['as it is', 'plain', canary],
  ['in capitals', 'plain', canary.replaceAll(/[a-z]/g, (char) => char.toUpperCase())],
  ['in small letters', 'lower-cased', canary.toLowerCase()],
  ['in a URL', 'url-encoded', `https://shop.invalid/?to=${encodeURIComponent(canary)}&x=1`],
  ['in a URL with small hex digits', 'url-encoded', encodeURIComponent(canary).toLowerCase()],
  ['in a form', 'form-encoded', new URLSearchParams({ to: canary }).toString()],
  ['in base64 at its start', 'base64', Buffer.from(`${canary}, more`).toString('base64')],
  ['in base64 after one byte', 'base64', Buffer.from(`{${canary}, more`).toString('base64')],
  ['in base64 after two bytes', 'base64', Buffer.from(`{"${canary}, more`).toString('base64')],
  ['in base64 for URLs', 'base64url', Buffer.from(`??${canary}??`).toString('base64url')],
  ['in small letters in base64', 'base64', Buffer.from(canary.toLowerCase()).toString('base64')],
  ['in JSON with escapes', 'json-escaped', '{"to":"\\u00D6sterstra\\u00DFe \\"Am B\\u00e4chle\\" 17/A???"}'],
  [
    'in JSON with escaped slashes',
    'json-escaped',
    '{"to":"\\u00d6sterstra\\u00dfe \\"Am B\\u00e4chle\\" 17\\/A???"}',
  ],
  ['in hex', 'hex', Buffer.from(canary).toString('hex')],
  ['in hex with capitals', 'hex', Buffer.from(canary).toString('hex').toUpperCase()],
  ['in UTF-16', 'utf-16', Buffer.from(canary, 'utf16le').toString('latin1')],
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'canary-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function buffer(text: string): CanaryPlace {
  return { name: 'a buffer', kind: 'buffer', bytes: Buffer.from(text, 'latin1') };
}

/** Bytes of `text` as a latin1 string, so that UTF-16 and UTF-8 samples can share one table. */
function asStored(form: CanaryForm, text: string): string {
  return form === 'utf-16' ? text : Buffer.from(text).toString('latin1');
}

describe('the canary search', () => {
  for (const [how, form, text] of spellings) {
    it(`finds a value ${how}`, async () => {
      const place = buffer(`before ${asStored(form, text)} after`);
      const report = await searchForCanaries({ canaries: [other, canary], places: [place] });
      expect(report.hits).toContainEqual({ place: 'a buffer', form, canaryIndex: 1 });
      expect(report.hits.every((hit) => hit.canaryIndex === 1)).toBe(true);
      expect(report.clean).toBe(false);
    });
  }

  it('finds a value that a chunk of the file cuts in two', async () => {
    const file = join(folder, 'large.log');
    await writeFile(file, 'x'.repeat(64 * 1024 - 8) + canary + 'x'.repeat(1000));
    const report = await searchForCanaries({
      canaries: [canary],
      places: [{ name: 'log', kind: 'log', file }],
    });
    expect(report.hits.map((hit) => hit.form)).toContain('plain');
  });

  it('finds a value in a SQLite row, in its journal, and across a page border', async () => {
    const file = join(folder, 'shop.sqlite');
    const database = new DatabaseSync(file);
    database.exec('pragma page_size = 512; create table t (a text)');
    database.prepare('insert into t values (?)').run('y'.repeat(470) + canary + 'y'.repeat(2000));
    const report = await searchForCanaries({
      canaries: [canary],
      places: [{ name: 'db', kind: 'sqlite', file }],
    });
    expect(report.hits.map((hit) => hit.form)).toContain('plain');
    database.exec("pragma journal_mode = wal; delete from t; insert into t values ('nothing')");
    await appendFile(`${file}-wal`, other);
    const journal = await searchForCanaries({
      canaries: [other],
      places: [{ name: 'db', kind: 'sqlite', file }],
    });
    expect(journal.hits).toEqual([{ place: 'db', form: 'plain', canaryIndex: 0 }]);
    database.close();
  });

  it('calls places clean that hold only codes, and finds every planted control in each kind', async () => {
    const file = join(folder, 'shop.sqlite');
    const database = new DatabaseSync(file);
    database.exec(
      "create table orders (user_ref text); insert into orders values ('ppid_a7q2mzx4kd5tbn3wy6hcvr2lfa')",
    );
    database.close();
    const log = join(folder, 'shop.log');
    await writeFile(log, 'GET / 200 3ms\n');
    const sizes = await Promise.all([file, log].map(async (path) => (await stat(path)).size));

    const report = await searchForCanaries({
      canaries: [canary, other],
      places: [
        { name: 'db', kind: 'sqlite', file },
        { name: 'log', kind: 'log', file: log },
        { name: 'cookies', kind: 'cookies', bytes: Buffer.from('userref_shop=abc; basket=x.1') },
      ],
    });

    expect(report).toMatchObject({ hits: [], clean: true });
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
    expect(report.positiveControlPlanted).toBeGreaterThanOrEqual(3 * 8);
    expect(await Promise.all([file, log].map(async (path) => (await stat(path)).size))).toEqual(sizes);
  });

  it('finds a value in what is made when it is looked at, such as the dump of a database', async () => {
    const place: CanaryPlace = {
      name: 'a dump',
      kind: 'dump',
      read: async () => Buffer.from(`('${other}')`),
    };
    const report = await searchForCanaries({ canaries: [other], places: [place] });
    expect(report.hits).toContainEqual({ place: 'a dump', form: 'plain', canaryIndex: 0 });
    expect(report.positiveControlFound).toBe(report.positiveControlPlanted);
  });

  it('is not clean when there was nowhere to look', async () => {
    expect(await searchForCanaries({ canaries: [canary], places: [] })).toMatchObject({ clean: false });
  });

  it('never repeats a value in its report', async () => {
    const report = await searchForCanaries({
      canaries: [canary, other],
      places: [buffer(asStored('plain', `${canary} ${other}`))],
    });
    expect(report.hits.length).toBeGreaterThan(0);
    expect(JSON.stringify(report)).not.toContain(other);
    expect(JSON.stringify(report)).not.toContain('Am B');
  });

  it('refuses values that it would find by chance, and files that are not there', async () => {
    await expect(searchForCanaries({ canaries: ['ab'], places: [buffer('x')] })).rejects.toThrow(RangeError);
    const gone: CanaryPlace = { name: 'log', kind: 'log', file: join(folder, 'gone.log') };
    await expect(searchForCanaries({ canaries: [canary], places: [gone] })).rejects.toThrow();
  });
});
