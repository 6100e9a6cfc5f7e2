import { expect } from 'vitest';
import type { KeyDriver } from '../../../src/cell/kms/key-driver.ts';
import type { KeyContext } from '../../../src/cell/kms/key-wrapper.ts';
import { UserrefError } from '../../../src/errors/userref-error.ts';

export const context: KeyContext = { tenant: 'acme', region: 'eu', class: 'contact', version: 1 };
export const call = { signal: new AbortController().signal };

/** The error that `work` ends with; fails when it does not. */
export async function errorOf(work: Promise<unknown>): Promise<UserrefError> {
  const error = await work.then(
    () => expect.fail('it gave something back'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserrefError);
  return error as UserrefError;
}

/** A driver whose wrap does what the test says. */
export function scriptedDriver(wrap: KeyDriver['wrap']): KeyDriver {
  return { rootKeyId: 'scripted', wrap, unwrap: async ({ blob }) => Buffer.from(blob) };
}
