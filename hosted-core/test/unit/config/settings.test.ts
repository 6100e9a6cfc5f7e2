import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSettings, SettingsError } from '../../../src/config/load-settings.ts';
import { settingsReference } from '../../../src/config/reference.ts';
import { settingsSchema } from '../../../src/config/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'userref-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const COMPLETE = {
  USERREF_CORE_URL: 'https://id.example.eu',
  USERREF_CELL_URL: 'https://eu.id.example.eu',
  USERREF_CORE_DATABASE_URL: 'postgres://core_app:core-secret@db/userref',
  USERREF_CELL_DATABASE_URL: 'postgres://cell_app:cell-secret@db/userref',
  USERREF_CORE_SECRET_FILE: '/etc/userref/core.secret',
  USERREF_KMS: 'file:/etc/userref/vault.key',
  USERREF_TOMBSTONE_LEDGER: '/var/lib/userref-ledger',
  USERREF_UPSTREAM_ISSUER: 'https://logto.example.eu/oidc',
  USERREF_UPSTREAM_CLIENT_ID: 'userref',
  USERREF_UPSTREAM_CLIENT_SECRET: 'upstream-secret',
};

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings({ environment });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('settings', () => {
  it('are complete with these, and frozen', () => {
    const settings = loadSettings({ environment: COMPLETE });
    expect(settings).toMatchObject({
      production: true,
      tenantId: 'default',
      core: { listen: { port: 4000 } },
    });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('name every problem at once', () => {
    const { USERREF_CELL_URL: _missing, ...rest } = COMPLETE;
    const problems = problemsOf({
      ...rest,
      USERREF_CORE_URL: 'no address',
      USERREF_LOG_LEVEL: 'loud',
      USERREF_COLOUR: 'red',
    });
    expect(problems).toHaveLength(4);
    for (const part of [
      'USERREF_CELL_URL: is missing',
      'USERREF_CORE_URL',
      'USERREF_LOG_LEVEL',
      'unknown setting USERREF_COLOUR',
    ]) {
      expect(problems.join('\n')).toContain(part);
    }
  });

  it('never repeat a value, which may be a secret', () => {
    const secret = 'hunter2-not-a-database';
    const problems = problemsOf({ ...COMPLETE, USERREF_CORE_DATABASE_URL: secret }).join('\n');
    expect(problems).toContain('USERREF_CORE_DATABASE_URL');
    expect(problems).not.toContain(secret);
  });

  it.each([
    ['plain http', { USERREF_CORE_URL: 'http://id.example.eu' }],
    ['webhooks to loopback', { USERREF_OUTBOUND: 'public-and-loopback' }],
    ['one address for core and cell', { USERREF_CELL_URL: COMPLETE.USERREF_CORE_URL }],
  ])('refuse %s in production', (_name, change) => {
    expect(problemsOf({ ...COMPLETE, ...change })).toHaveLength(1);
  });

  it('come from a file too, and the environment wins', () => {
    const file = join(folder, 'core.env');
    const lines = Object.entries({ ...COMPLETE, USERREF_TENANT: 'from-file' }).map(
      ([name, value]) => `${name}=${value}`,
    );
    writeFileSync(file, `# a comment\n\n${lines.join('\n')}\n`);
    expect(loadSettings({ environment: {}, file }).tenantId).toBe('from-file');
    expect(loadSettings({ environment: { USERREF_TENANT: 'from-environment' }, file }).tenantId).toBe(
      'from-environment',
    );
  });

  it('say so when their file is not there', () => {
    expect(() => loadSettings({ environment: {}, file: join(folder, 'gone.env') })).toThrow(
      expect.objectContaining({ problems: [expect.stringMatching(/gone\.env cannot be read \(ENOENT\)$/)] }),
    );
  });

  it('are all in the reference, with what they mean', () => {
    const reference = settingsReference();
    for (const name of Object.keys(settingsSchema.shape))
      expect(reference).toMatch(new RegExp(`\\\`${name}\\\` \\|.*[a-z]{4}`));
  });
});
