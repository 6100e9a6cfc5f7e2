import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendAudit } from '../../src/audit/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runUserref } from '../support/userref-cli.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'userref-audit-cli-'));
const file = (name: string) => join(folder, name);

let database: TestDatabase;

/** `userref-core audit …` as an operator calls it. */
function audit(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const words = ['--conditions=@userref/source', MAIN, '--config', file('core.env'), 'audit', ...args];
  return new Promise((done) => {
    execFile(process.execPath, words, { env: {} }, (error, out, err) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
    });
  });
}

beforeAll(async () => {
  database = await createTestDatabase();
  const settings = {
    NODE_ENV: 'test',
    USERREF_CORE_URL: 'http://localhost:1',
    USERREF_CELL_URL: 'http://localhost:2',
    USERREF_CORE_DATABASE_URL: database.coreUrl,
    USERREF_CELL_DATABASE_URL: database.cellUrl,
    USERREF_CORE_SECRET_FILE: file('none'),
    USERREF_KMS: `file:${file('none')}`,
    USERREF_UPSTREAM_ISSUER: 'http://localhost:3',
    USERREF_UPSTREAM_CLIENT_ID: 'cell',
    USERREF_UPSTREAM_CLIENT_SECRET: 'secret',
    USERREF_AUDIT_SIGNER_FILE: file('audit.signer'),
    USERREF_AUDIT_ANCHOR_FILE: file('anchors.jsonl'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  writeFileSync(file('core.env'), lines.join('\n'));
});

afterAll(() => database.drop());

function append(half: 'core' | 'cell', subjectRef: string, count = 3) {
  const entry = { tenantId: 'default', action: 'passport.issued' as const, siteId: 'shop-a', subjectRef };
  return database[half].inTransaction((tx) => appendAudit(tx, half, Array(count).fill(entry)));
}

describe('userref-core audit', () => {
  it('makes everything that an auditor needs, and userref verifies it', async () => {
    const subjectRef = randomUUID();
    await append('cell', subjectRef);
    expect(await audit('signer', 'create', file('audit.signer'))).toMatchObject({ code: 0 });
    const checkpoint = await audit('checkpoint', '--half', 'cell');
    expect(checkpoint).toMatchObject({
      code: 0,
      out: expect.stringContaining('userref.audit/cell/default/'),
    });
    expect(await audit('anchor', '--half', 'cell', '--json')).toMatchObject({
      out: '{"anchored":{"file":3}}\n',
    });
    expect(await audit('export', '--half', 'cell', '--out', file('log.jsonl'))).toMatchObject({ code: 0 });
    const keys = await audit('keys', '--half', 'cell');
    writeFileSync(file('keys'), keys.out);
    const evidence = ['--export', file('log.jsonl'), '--public-key', file('keys')];
    const verdict = await runUserref(['audit', 'verify', ...evidence, '--checkpoint', file('anchors.jsonl')]);
    expect(verdict).toMatchObject({ code: 0, out: expect.stringContaining('Verified: the 3 entries') });
    expect(await audit('verify', '--half', 'cell', '--json')).toMatchObject({
      out: '{"ok":true,"size":3,"checkpoints":2,"suspicions":[]}\n',
    });
    const proof = await audit('proof', '--half', 'cell', '--subject-ref', subjectRef);
    writeFileSync(file('proof'), proof.out);
    const proven = await runUserref([
      ...['audit', 'verify-proof', '--proof', file('proof')],
      ...['--public-key', file('keys')],
    ]);
    expect(proven).toMatchObject({ code: 0, out: expect.stringContaining('All 3 entries') });
  });

  it('writes an export to standard output, filtered', async () => {
    await append('core', randomUUID(), 2);
    await audit('checkpoint', '--half', 'core');
    const all = await audit('export', '--half', 'core', '--action', 'passport.*');
    expect(all.out.split('\n').filter(Boolean)).toHaveLength(2);
    expect(JSON.parse(all.out.split('\n')[0] ?? '')).toMatchObject({
      entry: { action: 'passport.issued', seq: 1 },
    });
    expect((await audit('export', '--half', 'core', '--action', 'consent.*')).out).toBe('');
    expect(await audit('export', '--half', 'core', '--from', 'yesterday')).toMatchObject({ code: 2 });
    expect(await audit('export')).toMatchObject({ code: 2 });
  });

  it('takes an old key away only when the new one has signed both logs', async () => {
    const before = readFileSync(file('audit.signer'), 'utf8');
    expect(await audit('signer', 'rotate')).toMatchObject({ code: 0 });
    const early = await audit('signer', 'retire');
    expect(early).toMatchObject({
      code: 1,
      err: expect.stringContaining('has not signed the log of the core'),
    });
    await audit('checkpoint', '--half', 'core');
    expect(await audit('signer', 'retire')).toMatchObject({ code: 1 });
    await audit('checkpoint', '--half', 'cell');
    expect(await audit('signer', 'retire')).toMatchObject({ code: 0 });
    const after = readFileSync(file('audit.signer'), 'utf8');
    expect(after).not.toContain(before.trim());
    expect(after.trim().split('\n')).toHaveLength(1);
    // An auditor who knows the first key only.
    const [firstKey = ''] = readFileSync(file('keys'), 'utf8').split('\n');
    writeFileSync(file('chain'), (await audit('keys', '--half', 'cell', '--successions')).out);
    await append('cell', randomUUID());
    writeFileSync(file('checkpoint'), (await audit('checkpoint', '--half', 'cell')).out);
    await audit('export', '--half', 'cell', '--out', file('later.jsonl'));
    const evidence = ['--export', file('later.jsonl'), '--checkpoint', file('checkpoint')];
    const verify = (...keys: string[]) => runUserref(['audit', 'verify', ...evidence, ...keys]);
    expect(await verify('--public-key', firstKey)).toMatchObject({ code: 1 });
    expect(await verify('--public-key', firstKey, '--key-chain', file('chain'))).toMatchObject({ code: 0 });
    // In place, the retired key has to be named.
    expect(await audit('verify', '--half', 'cell')).toMatchObject({ code: 1 });
    expect(await audit('verify', '--half', 'cell', '--public-key', firstKey)).toMatchObject({ code: 0 });
  });

  it('fails with an exit code of its own when the log was changed', async () => {
    await database.admin.query(`update cell.audit_entries set action = 'consent.granted' where seq = 2`);
    const [firstKey = ''] = readFileSync(file('keys'), 'utf8').split('\n');
    expect(await audit('verify', '--half', 'cell', '--public-key', firstKey)).toMatchObject({
      ...{ code: 1 },
      out: 'Refused at entry 2: a column beside the entry says something else than its bytes.\n',
    });
  });
});

describe('userref', () => {
  it('explains itself, and refuses a wrong command line with exit code 2', async () => {
    expect(await runUserref(['audit', '--help'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('--export'),
    });
    expect(await runUserref(['audit', 'verify'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('missing'),
    });
    expect(await runUserref(['audit', 'verify', '--wrong'])).toMatchObject({ code: 2 });
    expect(await runUserref(['audit', 'verify', '--public-key', 'junk'])).toMatchObject({ code: 2 });
    expect(await runUserref(['other'])).toMatchObject({ code: 2 });
  });
});
