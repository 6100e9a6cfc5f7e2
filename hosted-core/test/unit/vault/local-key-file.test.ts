import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyContext } from '../../../src/cell/kms/key-wrapper.ts';
import { KeyFileError, openLocalKeyFile } from '../../../src/cell/kms/local-key-file.ts';
import { expectIntegrityError } from './support.ts';

const context: KeyContext = { tenant: 'acme', region: 'eu', class: 'contact', version: 1 };
const runsAsRoot = process.getuid?.() === 0;
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'userref-key-'));
  path = join(folder, 'vault.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

const create = () => openLocalKeyFile({ path, whenMissing: 'create' });
const failure = () =>
  openLocalKeyFile({ path }).then(
    () => expect.fail('it opened'),
    (error: unknown) => error as KeyFileError,
  );

describe('the local key file', () => {
  it('is made on request, for the owner only, and nothing else is left beside it', async () => {
    await create();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['vault.key']);
  });

  it('is not made unless asked for', async () => {
    expect((await failure()).message).toContain('does not exist');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('opens again what it wrapped, after a restart too', async () => {
    const plain = randomBytes(32);
    const wrapped = await (await create()).wrap(plain, context);
    expect(await (await openLocalKeyFile({ path })).unwrap(wrapped, context)).toEqual(plain);
  });

  it('is made once by ten processes that start at the same time', async () => {
    const drivers = await Promise.all(Array.from({ length: 10 }, create));
    const [first, ...others] = await Promise.all(
      drivers.map((driver) => driver.wrap(randomBytes(32), context)),
    );
    for (const other of others) expect(other.rootKeyId).toBe(first?.rootKeyId);
    expect(readdirSync(folder)).toEqual(['vault.key']);
  });

  it.each<Partial<KeyContext>>([{ tenant: 'b' }, { region: 'us' }, { class: 'identity' }, { version: 2 }])(
    'does not open a key for the other context %o',
    async (difference) => {
      const driver = await create();
      const wrapped = await driver.wrap(randomBytes(32), context);
      const error = await driver
        .unwrap(wrapped, { ...context, ...difference })
        .catch((thrown: unknown) => thrown);
      expectIntegrityError(error);
    },
  );

  it('does not open a key that another file wrapped', async () => {
    const wrapped = await (await create()).wrap(randomBytes(32), context);
    const other = await openLocalKeyFile({ path: join(folder, 'other.key'), whenMissing: 'create' });
    expectIntegrityError(await other.unwrap(wrapped, context).catch((error: unknown) => error));
  });

  it('refuses a wrapped key with any single bit flipped, or cut short', async () => {
    const driver = await create();
    const { rootKeyId, blob } = await driver.wrap(randomBytes(32), context);
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      const flipped = Buffer.from(blob);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expectIntegrityError(
        await driver.unwrap({ rootKeyId, blob: flipped }, context).catch((error: unknown) => error),
      );
    }
    for (const length of [0, 1, 45, 49, 57, 60]) {
      const cut = { rootKeyId, blob: blob.subarray(0, length) };
      expectIntegrityError(await driver.unwrap(cut, context).catch((error: unknown) => error));
    }
  });

  it.each([0o640, 0o604, 0o620, 0o602, 0o660, 0o666, 0o644])('is refused with mode %o', async (mode) => {
    await create();
    chmodSync(path, mode);
    const error = await failure();
    expect(error).toBeInstanceOf(KeyFileError);
    expect(error.fix).toContain('chmod 600');
  });

  it.skipIf(!runsAsRoot)('is refused when it belongs to another account', async () => {
    await create();
    chownSync(path, 65534, 65534);
    expect((await failure()).fix).toContain('chown');
  });

  it('is refused when it is truncated at any place', async () => {
    await create();
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      const error = await failure();
      expect(error).toBeInstanceOf(KeyFileError);
      expect(error.message).not.toContain(whole.toString().split('.')[2]);
    }
  });

  it('is refused when a letter of the key was changed', async () => {
    await create();
    const parts = readFileSync(path, 'utf8').split('.');
    const key = parts[2] as string;
    parts[2] = (key.startsWith('A') ? 'B' : 'A') + key.slice(1);
    writeFileSync(path, parts.join('.'));
    expect((await failure()).problem).toBe('is damaged');
  });

  it.each(['', '{"key":"x"}\n', 'userref-root-key-v2.00\n', 'x'.repeat(5_000)])(
    'is refused when it holds something else (case %#)',
    async (text) => {
      writeFileSync(path, text, { mode: 0o600 });
      expect(await failure()).toMatchObject({ code: 'key_file_unusable' });
    },
  );

  it('is refused when it is a folder', async () => {
    expect(await openLocalKeyFile({ path: folder }).catch((error: unknown) => error)).toBeInstanceOf(
      KeyFileError,
    );
  });
});
