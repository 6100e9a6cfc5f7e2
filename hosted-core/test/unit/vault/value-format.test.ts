import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeAssociatedData } from '../../../src/cell/kms/associated-data.ts';
import { bucketFor, MAX_VALUE_BYTES } from '../../../src/cell/vault/padding.ts';
import { openValue, sealValue, type ValueBinding } from '../../../src/cell/vault/value-format.ts';
import { expectIntegrityError, keyOf, place, thrownBy } from './support.ts';

const value = Buffer.from('"sample-amber@example.com"');

describe('a stored value', () => {
  it('opens in the place that it was sealed for', () => {
    expect(openValue(keyOf(1), place, sealValue(keyOf(1), place, value))).toEqual(value);
  });

  it('never looks the same twice', () => {
    expect(sealValue(keyOf(1), place, value)).not.toEqual(sealValue(keyOf(1), place, value));
  });

  it('is refused when any single bit of it is flipped', () => {
    const blob = sealValue(keyOf(1), place, value);
    let refused = 0;
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      const flipped = Buffer.from(blob);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expectIntegrityError(thrownBy(() => openValue(keyOf(1), place, flipped)));
      refused += 1;
    }
    expect(refused).toBe(blob.length * 8);
  });

  const elsewhere: Partial<ValueBinding>[] = [
    { region: 'us' },
    { tenantId: 'other' },
    { siteId: 'shop-a' },
    { subjectId: '6a0f2c1e-0000-4000-8000-000000000002' },
    { class: 'identity' },
    { attribute: 'contact:phone' },
    { keyId: '00000000-b4a5-4697-8879-6a5b4c3d2e1f' },
    { keyVersion: 2 },
    { schemaVersion: 2 },
    { rowRevision: 2 },
  ];
  it.each(elsewhere)('does not open with another %o', (difference) => {
    const blob = sealValue(keyOf(1), place, value);
    expectIntegrityError(thrownBy(() => openValue(keyOf(1), { ...place, ...difference }, blob)));
  });

  it('does not open with another place even when its header is rewritten to match', () => {
    const blob = sealValue(keyOf(1), place, value);
    blob.writeUInt32BE(2, 18);
    expectIntegrityError(thrownBy(() => openValue(keyOf(1), { ...place, keyVersion: 2 }, blob)));
  });

  it('is refused under another key by the commitment, before anything is decrypted', () => {
    const blob = sealValue(keyOf(1), place, value);
    expect(thrownBy(() => openValue(keyOf(2), place, blob))).toMatchObject({
      code: 'integrity_error',
      logDetail: 'value was made with another key',
    });
  });

  it('is refused when its commitment is swapped for the one of the key that reads it', () => {
    const blob = sealValue(keyOf(1), place, value);
    keyOf(2).commitment.copy(blob, 34);
    expectIntegrityError(thrownBy(() => openValue(keyOf(2), place, blob)));
  });

  it.each([4, 8, 12])('is refused with a valid tag of %i bytes', (tagBytes) => {
    const blob = sealValue(keyOf(1), place, value);
    const cut = blob.subarray(0, blob.length - 16 + tagBytes);
    expectIntegrityError(thrownBy(() => openValue(keyOf(1), place, cut)));
  });

  it.each([0, 1, 65, 66, 82])('is refused when only %i bytes of it are left', (length) => {
    const blob = sealValue(keyOf(1), place, value).subarray(0, length);
    expectIntegrityError(thrownBy(() => openValue(keyOf(1), place, blob)));
  });

  it.each([0, 2, 255])('of the unknown format version %i is refused without trying anything', (version) => {
    const blob = sealValue(keyOf(1), place, value);
    blob[0] = version;
    expect(thrownBy(() => openValue(keyOf(1), place, blob))).toMatchObject({
      logDetail: 'value has an unknown format version',
    });
  });

  it.each([0, 2, 255])('of the unknown suite %i is refused', (suite) => {
    const blob = sealValue(keyOf(1), place, value);
    blob[1] = suite;
    expect(thrownBy(() => openValue(keyOf(1), place, blob))).toMatchObject({
      logDetail: 'value has an unknown suite',
    });
  });

  it('that was validly sealed around malformed padding is refused', () => {
    const key = keyOf(1);
    const blob = sealValue(key, place, value);
    const cipher = createCipheriv('aes-256-gcm', key.encryptionKey, blob.subarray(22, 34), {
      authTagLength: 16,
    });
    const { region, tenantId, siteId, subjectId, attribute, keyId } = place;
    const names = ['userref/value/v1/aes-256-gcm', region, tenantId, siteId];
    cipher.setAAD(encodeAssociatedData([...names, subjectId, 'contact', attribute, keyId, 1, 1, 1]));
    const padded = Buffer.alloc(64, 0xff);
    padded.writeUInt32BE(3, 0);
    const forged = Buffer.concat([
      blob.subarray(0, 66),
      cipher.update(padded),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    expect(thrownBy(() => openValue(key, place, forged))).toMatchObject({
      logDetail: 'padding of the value is malformed',
    });
  });
});

describe('the size of a stored value', () => {
  it.each([
    [1, 64],
    [60, 64],
    [61, 128],
    [1_020, 1_024],
    [1_021, 2_048],
    [65_532, 65_536],
    [65_536, 65_600],
  ])('tells of %i bytes only that they fit into %i', (length, bucket) => {
    expect(bucketFor(length)).toBe(bucket);
    const blob = sealValue(keyOf(1), place, Buffer.alloc(length, 0x20));
    expect(blob.length).toBe(66 + bucket + 16);
    expect(openValue(keyOf(1), place, blob)).toHaveLength(length);
  });

  it('has a limit of 64 KiB', () => {
    const error = thrownBy(() => sealValue(keyOf(1), place, Buffer.alloc(MAX_VALUE_BYTES + 1)));
    expect(error).toMatchObject({ code: 'payload_too_large' });
  });

  it('is never zero', () => {
    const error = thrownBy(() => sealValue(keyOf(1), place, Buffer.alloc(0)));
    expect(error).toMatchObject({ code: 'invalid_request' });
  });
});
