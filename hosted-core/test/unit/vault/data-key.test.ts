import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createWrappedDataKey,
  type DataKeyIdentity,
  dataKeyFrom,
  openWrappedDataKey,
  rewrapDataKey,
} from '../../../src/cell/vault/data-key.ts';
import { expectIntegrityError, thrownBy } from './support.ts';

const identity: DataKeyIdentity = {
  tenantId: 'acme',
  region: 'eu',
  subjectId: '6a0f2c1e-0000-4000-8000-000000000001',
  class: 'contact',
  keyId: 'f0e1d2c3-b4a5-4697-8879-6a5b4c3d2e1f',
  version: 1,
  kekVersion: 1,
};
const kek = createSecretKey(randomBytes(32));

describe('a data key', () => {
  it('opens for the person, class and version that it was made for', () => {
    const { wrapped, key } = createWrappedDataKey(kek, identity);
    expect(openWrappedDataKey(kek, wrapped, identity).commitment).toEqual(key.commitment);
  });

  it.each<Partial<DataKeyIdentity>>([
    { tenantId: 'other' },
    { region: 'us' },
    { subjectId: '6a0f2c1e-0000-4000-8000-000000000002' },
    { class: 'identity' },
    { keyId: '00000000-b4a5-4697-8879-6a5b4c3d2e1f' },
    { version: 2 },
    { kekVersion: 2 },
  ])('does not open for another %o', (difference) => {
    const { wrapped } = createWrappedDataKey(kek, identity);
    expectIntegrityError(thrownBy(() => openWrappedDataKey(kek, wrapped, { ...identity, ...difference })));
  });

  it('does not open under another key-encryption key', () => {
    const { wrapped } = createWrappedDataKey(kek, identity);
    const other = createSecretKey(randomBytes(32));
    expectIntegrityError(thrownBy(() => openWrappedDataKey(other, wrapped, identity)));
  });

  it('is refused when any single bit of its wrap is flipped', () => {
    const { wrapped } = createWrappedDataKey(kek, identity);
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const flipped = Buffer.from(wrapped);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expectIntegrityError(thrownBy(() => openWrappedDataKey(kek, flipped, identity)));
    }
    expect(wrapped.length).toBe(61);
  });

  it.each([0, 1, 13, 45, 49, 53, 57, 60, 62])('is refused with %i bytes of its wrap', (length) => {
    const { wrapped } = createWrappedDataKey(kek, identity);
    const other = Buffer.concat([wrapped, Buffer.alloc(1)]).subarray(0, length);
    expectIntegrityError(thrownBy(() => openWrappedDataKey(kek, other, identity)));
  });

  it('is the same key under another key-encryption key, and opens under no other version', () => {
    const next = { key: createSecretKey(randomBytes(32)), version: 2 };
    const { wrapped, key } = createWrappedDataKey(kek, identity);
    const moved = rewrapDataKey(kek, next, { wrapped, identity });
    const opened = openWrappedDataKey(next.key, moved, { ...identity, kekVersion: 2 });
    expect(opened.encryptionKey.equals(key.encryptionKey)).toBe(true);
    expectIntegrityError(thrownBy(() => openWrappedDataKey(next.key, moved, identity)));
    expectIntegrityError(thrownBy(() => openWrappedDataKey(kek, moved, { ...identity, kekVersion: 2 })));
    expectIntegrityError(thrownBy(() => rewrapDataKey(next.key, next, { wrapped, identity })));
  });

  it('leaves its plain bytes nowhere: they are wiped once the keys are derived', () => {
    const plain = Buffer.alloc(32, 7);
    dataKeyFrom(plain);
    expect(plain).toEqual(Buffer.alloc(32));
  });

  it('commits to itself: other bytes give another commitment', () => {
    expect(dataKeyFrom(Buffer.alloc(32, 1)).commitment).not.toEqual(
      dataKeyFrom(Buffer.alloc(32, 2)).commitment,
    );
  });
});
