import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyServiceOf } from '../../../src/cell/kms/key-service.ts';
import { type LocalKeyFile, openLocalKeyFile } from '../../../src/cell/kms/local-key-file.ts';
import { context, errorOf } from './support.ts';

const plain = Buffer.alloc(32, 5);
let folder: string;
let path: string;
let running: LocalKeyFile;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'userref-key-'));
  path = join(folder, 'vault.key');
  running = await openLocalKeyFile({ path, whenMissing: 'create' });
});
afterEach(() => rmSync(folder, { recursive: true }));

async function replaceFile(): Promise<void> {
  const other = await openLocalKeyFile({ path: join(folder, 'other.key'), whenMissing: 'create' });
  expect(other.rootKeyId).not.toBe(running.rootKeyId);
  writeFileSync(path, readFileSync(join(folder, 'other.key')));
}

describe('a key file that changes under a running process', () => {
  it('wraps nothing that a restart could not open, and says which key is where', async () => {
    const before = await running.wrap(plain, context);
    await replaceFile();
    const error = await errorOf(running.wrap(plain, context));
    expect(error).toMatchObject({ code: 'service_unavailable', fault: 'denied' });
    expect(error.logDetail).toMatch(
      /was replaced: it holds local-[0-9a-f]{16}, and this process runs with local-/,
    );
    expect(await running.unwrap(before, context)).toEqual(plain);
  });

  it('turns the readiness red', async () => {
    const service = keyServiceOf(running, { region: 'eu' });
    await service.ready();
    await replaceFile();
    const error = await errorOf(keyServiceOf(running, { region: 'eu' }).ready());
    expect(error.logDetail).toContain('was replaced');
  });

  it.each([
    ['removed', () => rmSync(path), /was removed/],
    ['truncated', () => writeFileSync(path, readFileSync(path).subarray(0, 40)), /is truncated or damaged/],
    ['opened to others', () => chmodSync(path, 0o644), /is open to other accounts/],
  ])('wraps nothing when it was %s', async (_how, change, message) => {
    change();
    const error = await errorOf(running.wrap(plain, context));
    expect(error).toMatchObject({ code: 'service_unavailable', logDetail: expect.stringMatching(message) });
  });

  it('does not mind being written again with the same key', async () => {
    const whole = readFileSync(path);
    rmSync(path);
    writeFileSync(path, whole, { mode: 0o600 });
    expect(await running.unwrap(await running.wrap(plain, context), context)).toEqual(plain);
  });

  it('is refused in a folder where others may replace it, unless the folder is sticky', async () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    await openLocalKeyFile({ path: join(open, 'vault.key'), whenMissing: 'create' });
    for (const mode of [0o770, 0o707, 0o777]) {
      chmodSync(open, mode);
      await expect(openLocalKeyFile({ path: join(open, 'vault.key') })).rejects.toThrow(/chmod go-w/);
    }
    chmodSync(open, 0o1777);
    await openLocalKeyFile({ path: join(open, 'vault.key') });
  });

  it('leaves no draft behind, and a draft of a crashed process does no harm', async () => {
    writeFileSync(join(folder, 'new.key.1234.new'), 'half a ke');
    const path2 = join(folder, 'new.key');
    await openLocalKeyFile({ path: path2, whenMissing: 'create' });
    expect(readdirSync(folder).sort()).toEqual(['new.key', 'new.key.1234.new', 'vault.key']);
  });
});
