import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decryptGcm } from '../../../src/cell/vault/aes-gcm.ts';
import type { DataKey } from '../../../src/cell/vault/data-key.ts';
import { bindingBytes, openValue, sealValue } from '../../../src/cell/vault/value-format.ts';
import { expectIntegrityError, keyOf, place, thrownBy } from './support.ts';

/**
 * AES-GCM alone lets an attacker who knows two keys make one ciphertext that opens under both ("invisible
 * salamander"). This makes one, in GF(2^128) as SP 800-38D numbers its bits, and shows what stops it.
 */
const R = 0xe1n << 120n;

function multiply(x: bigint, y: bigint): bigint {
  let [product, v] = [0n, y];
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if ((x >> bit) & 1n) product ^= v;
    v = v & 1n ? (v >> 1n) ^ R : v >> 1n;
  }
  return product;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, factor] = [1n << 127n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(result, factor);
    factor = multiply(factor, factor);
  }
  return result;
}

const inverse = (x: bigint) => power(x, (1n << 128n) - 2n);
const toNumber = (block: Buffer) => BigInt(`0x${block.toString('hex')}`);
const toBlock = (number: bigint) => Buffer.from(number.toString(16).padStart(32, '0'), 'hex');
const encryptBlock = (key: DataKey, block: Buffer) => {
  const cipher = createCipheriv('aes-256-ecb', key.encryptionKey.export(), null).setAutoPadding(false);
  return toNumber(cipher.update(block));
};
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]);

function ghash(hashKey: bigint, data: Buffer): bigint {
  let state = 0n;
  for (let at = 0; at < data.length; at += 16) {
    state = multiply(state ^ toNumber(data.subarray(at, at + 16)), hashKey);
  }
  return state;
}

/** A ciphertext and a tag that both keys accept: its last block is solved for. */
function salamander(keys: [DataKey, DataKey], nonce: Buffer, associatedData: Buffer, length: number) {
  const ciphertext = Buffer.alloc(length, 0x5a);
  ciphertext.fill(0, length - 16);
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64BE(BigInt(associatedData.length * 8), 0);
  lengths.writeBigUInt64BE(BigInt(length * 8), 8);
  const first = Buffer.concat([nonce, Buffer.from([0, 0, 0, 1])]);
  const [one, two] = keys.map((key) => {
    const hashKey = encryptBlock(key, Buffer.alloc(16));
    const whole = Buffer.concat([padded(associatedData), ciphertext, lengths]);
    return { tag: ghash(hashKey, whole) ^ encryptBlock(key, first), weight: multiply(hashKey, hashKey) };
  }) as [{ tag: bigint; weight: bigint }, { tag: bigint; weight: bigint }];
  const block = multiply(one.tag ^ two.tag, inverse(one.weight ^ two.weight));
  toBlock(block).copy(ciphertext, length - 16);
  return { ciphertext, tag: toBlock(one.tag ^ multiply(block, one.weight)) };
}

describe('a ciphertext that opens under two keys', () => {
  const [one, two] = [keyOf(1), keyOf(2)];
  const blob = sealValue(one, place, Buffer.from('"sample"'));
  const nonce = blob.subarray(22, 34);
  const associatedData = bindingBytes(place);
  const { ciphertext, tag } = salamander([one, two], nonce, associatedData, 64);

  it('can be made: AES-GCM accepts it under both', () => {
    for (const key of [one, two]) {
      expect(decryptGcm(key.encryptionKey, { nonce, associatedData, ciphertext, tag })).toHaveLength(64);
    }
  });

  it('is refused by the commitment under the key that it does not name', () => {
    const forged = Buffer.concat([blob.subarray(0, 66), ciphertext, tag]);
    expect(thrownBy(() => openValue(two, place, forged))).toMatchObject({
      code: 'integrity_error',
      logDetail: 'value was made with another key',
    });
    expectIntegrityError(thrownBy(() => openValue(one, place, forged)));
  });
});
