import { expect } from 'vitest';
import { dataKeyFrom } from '../../../src/cell/vault/data-key.ts';
import type { ValueBinding } from '../../../src/cell/vault/value-format.ts';
import { UserrefError } from '../../../src/errors/userref-error.ts';

/** A data key of known bytes; `dataKeyFrom` wipes what it is given, so each call makes its own. */
export function keyOf(byte: number) {
  return dataKeyFrom(Buffer.alloc(32, byte));
}

export const place: ValueBinding = {
  region: 'eu',
  tenantId: 'acme',
  siteId: '-',
  subjectId: '6a0f2c1e-0000-4000-8000-000000000001',
  class: 'contact',
  attribute: 'contact:email',
  keyId: 'f0e1d2c3-b4a5-4697-8879-6a5b4c3d2e1f',
  keyVersion: 1,
  schemaVersion: 1,
  rowRevision: 1,
};

/** The error that `work` throws; fails when it throws none. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was thrown');
}

/** Integrity failures are all alike to callers. */
export function expectIntegrityError(error: unknown): void {
  expect(error).toBeInstanceOf(UserrefError);
  const { code, message } = error as UserrefError;
  expect(code).toBe('integrity_error');
  expect(message).toBe('integrity_error: Stored data failed its integrity check');
}
