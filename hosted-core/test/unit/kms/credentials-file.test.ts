import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCredentialsFile } from '../../../src/cell/kms/credentials-file.ts';
import { errorOf } from './support.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'userref-credentials-'));
  path = join(folder, 'token');
  writeFileSync(path, '  secret-text\n', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file with credentials', () => {
  it('is read without the white space around', async () => {
    expect(await readCredentialsFile(path, 'a token')).toBe('secret-text');
  });

  it('may be readable for a group, as orchestrators mount secrets', async () => {
    chmodSync(path, 0o440);
    expect(await readCredentialsFile(path, 'a token')).toBe('secret-text');
  });

  it.each([
    ['is not configured', () => undefined, /USERREF_KMS_CREDENTIALS_FILE needs a token/],
    ['is missing', () => `${path}.gone`, /cannot be read \(ENOENT\)/],
    ['is a folder', () => folder, /is not a file with a token/],
    [
      'is readable for others',
      () => {
        chmodSync(path, 0o604);
        return path;
      },
      /chmod o=/,
    ],
    [
      'is empty',
      () => {
        writeFileSync(path, '\n');
        return path;
      },
      /is empty/,
    ],
    [
      'is too long',
      () => {
        writeFileSync(path, 'x'.repeat(70_000));
        return path;
      },
      /is not a file with a token/,
    ],
  ])('is refused, without showing it, when it %s', async (_why, prepare, message) => {
    const error = await errorOf(readCredentialsFile(prepare(), 'a token'));
    expect(error).toMatchObject({ code: 'service_unavailable', fault: 'denied' });
    expect(error.logDetail).toMatch(message);
    expect(`${error.message} ${error.logDetail}`).not.toContain('secret-text');
  });
});
