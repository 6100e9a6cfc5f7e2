import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'userref-kms-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(kms: string, ...words: string[]) {
  const file = join(folder, 'core.env');
  const settings = {
    NODE_ENV: 'development',
    USERREF_CORE_URL: 'https://id.example.eu',
    USERREF_CELL_URL: 'https://eu.id.example.eu',
    USERREF_CORE_DATABASE_URL: 'postgres://core_app@localhost/userref',
    USERREF_CELL_DATABASE_URL: 'postgres://cell_app@localhost/userref',
    USERREF_CORE_SECRET_FILE: join(folder, 'core.secret'),
    USERREF_UPSTREAM_ISSUER: 'https://logto.example.eu/oidc',
    USERREF_UPSTREAM_CLIENT_ID: 'cell',
    USERREF_UPSTREAM_CLIENT_SECRET: 'secret',
    USERREF_KMS: kms,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  writeFileSync(file, lines.join('\n'));
  const { PATH } = process.env;
  const done = spawnSync(
    process.execPath,
    ['--conditions=@userref/source', MAIN, '--config', file, 'kms', ...words],
    { env: { PATH }, encoding: 'utf8' },
  );
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('userref-core kms', () => {
  it('makes a root key once and finds that it works', () => {
    const path = join(folder, 'keys', 'vault.key');
    expect(run(`file:${path}`, 'create-key').code).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const first = JSON.parse(run(`file:${path}`, 'check', '--json').out);
    expect(first).toEqual({
      root_key_id: expect.stringMatching(/^local-[0-9a-f]{16}$/),
      wrap_ms: expect.any(Number),
      unwrap_ms: expect.any(Number),
    });
    run(`file:${path}`, 'create-key');
    expect(JSON.parse(run(`file:${path}`, 'check', '--json').out).root_key_id).toBe(first.root_key_id);
  });

  it('says what to do when there is no key', () => {
    const { code, err } = run(`file:${join(folder, 'vault.key')}`, 'check');
    expect(code).toBe(1);
    expect(err).toContain('userref-core kms create-key');
  });

  it('tells the operator what the service answered, and nothing of a stack', () => {
    const { code, err } = run('vault:http://127.0.0.1:9/v1/transit/keys/a', 'check');
    expect(code).toBe(1);
    expect(err).toBe(
      'service_unavailable: key service: USERREF_KMS_CREDENTIALS_FILE needs a token of Vault or OpenBao\n',
    );
  });

  it('does not make keys that belong to another service', () => {
    const { code, err } = run('vault:https://vault.example.eu/v1/transit/keys/a', 'create-key');
    expect(code).toBe(1);
    expect(err).toContain('is made with the tools of that service');
  });

  it('ends with 78 for a key service that is none', () => {
    const { code, err } = run('azure:key', 'check');
    expect(code).toBe(78);
    expect(err).toContain('USERREF_KMS: unknown key service; use one of file:');
  });
});
