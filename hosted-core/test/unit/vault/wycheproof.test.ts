import { createSecretKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decryptGcm, encryptGcm } from '../../../src/cell/vault/aes-gcm.ts';
import { indexHmac } from '../../../src/cell/vault/blind-index.ts';
import { hkdfSha256 } from '../../../src/cell/vault/data-key.ts';

/** Vectors of the public project C2SP/wycheproof, beside the repository and not in it. */
const folder = new URL('../../../../../shared/vectors/wycheproof/', import.meta.url);
const there = existsSync(folder);
if (!there) process.stderr.write('No Wycheproof vectors beside the repository: their tests are skipped.\n');

interface Test {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly [field: string]: unknown;
}
interface Group {
  readonly tests: readonly Test[];
  readonly [field: string]: unknown;
}

function groups(file: string): readonly Group[] {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')).testGroups;
}
const bytes = (test: Test, name: string) => Buffer.from(test[name] as string, 'hex');

describe.skipIf(!there)('the vectors of Wycheproof, run through the functions of the vault', () => {
  it('AES-GCM: 256-bit keys with 96-bit nonces agree, everything else is refused', () => {
    const seen = { valid: 0, invalid: 0, refused: 0 };
    for (const group of groups('aes_gcm.json')) {
      for (const test of group.tests) {
        const key = createSecretKey(bytes(test, 'key'));
        const common = { nonce: bytes(test, 'iv'), associatedData: bytes(test, 'aad') };
        const open = () =>
          decryptGcm(key, { ...common, ciphertext: bytes(test, 'ct'), tag: bytes(test, 'tag') });
        const seal = () => encryptGcm(key, { ...common, plain: bytes(test, 'msg') });
        if (group.keySize !== 256 || group.ivSize !== 96 || group.tagSize !== 128) {
          expect(open, `test ${test.tcId}`).toThrow(TypeError);
          expect(seal, `test ${test.tcId}`).toThrow(TypeError);
          seen.refused += 1;
        } else if (test.result === 'valid') {
          expect(open()?.toString('hex'), `test ${test.tcId}`).toBe(test.msg);
          const { ciphertext, tag } = seal();
          expect([ciphertext.toString('hex'), tag.toString('hex')]).toEqual([test.ct, test.tag]);
          seen.valid += 1;
        } else {
          expect(open(), `test ${test.tcId}`).toBeUndefined();
          seen.invalid += 1;
        }
      }
    }
    expect(seen.valid).toBeGreaterThan(30);
    expect(seen.invalid).toBeGreaterThan(20);
    expect(seen.refused).toBeGreaterThan(200);
  });

  it.each([4, 8, 12])('AES-GCM: the tag of a valid vector cut to %i bytes is refused', (length) => {
    const group = groups('aes_gcm.json').find((one) => one.keySize === 256 && one.ivSize === 96);
    for (const test of group?.tests.filter((one) => one.result === 'valid') ?? []) {
      const cut = {
        nonce: bytes(test, 'iv'),
        associatedData: bytes(test, 'aad'),
        ciphertext: bytes(test, 'ct'),
      };
      const key = createSecretKey(bytes(test, 'key'));
      expect(() => decryptGcm(key, { ...cut, tag: bytes(test, 'tag').subarray(0, length) })).toThrow(
        TypeError,
      );
    }
  });

  it('HKDF-SHA256', () => {
    let seen = 0;
    for (const test of groups('hkdf_sha256.json').flatMap((group) => group.tests)) {
      const derive = () =>
        hkdfSha256(bytes(test, 'ikm'), {
          salt: bytes(test, 'salt'),
          info: bytes(test, 'info'),
          bytes: test.size as number,
        });
      if (test.result === 'valid') expect(derive().toString('hex'), `test ${test.tcId}`).toBe(test.okm);
      else expect(derive, `test ${test.tcId}`).toThrow();
      seen += 1;
    }
    expect(seen).toBe(86);
  });

  it('HMAC-SHA256, whole and cut to 128 bits', () => {
    let seen = 0;
    for (const group of groups('hmac_sha256.json')) {
      for (const test of group.tests) {
        const tag = indexHmac(createSecretKey(bytes(test, 'key')), bytes(test, 'msg'));
        const fits = tag.subarray(0, (group.tagSize as number) / 8).toString('hex') === test.tag;
        expect(fits, `test ${test.tcId}`).toBe(test.result === 'valid');
        seen += 1;
      }
    }
    expect(seen).toBe(174);
  });
});
