import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataKeyFrom } from '../../../src/cell/vault/data-key.ts';
import { openValue, sealValue, type ValueBinding } from '../../../src/cell/vault/value-format.ts';

interface Vector {
  readonly scenario: string;
  readonly data_key: string;
  readonly nonce: string;
  readonly place: ValueBinding;
  readonly value: string;
  readonly blob: string;
}

const folder = new URL('./vectors/', import.meta.url);
const vectors = readdirSync(folder).map((file) => [
  file,
  JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vector,
]) as [string, Vector][];

/** These blobs are what installations hold. A change that breaks one of them loses people's data. */
describe('the golden vectors of format 1', () => {
  it('are there', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(4);
  });

  it.each(vectors)('%s opens for ever', (_file, vector) => {
    const key = dataKeyFrom(Buffer.from(vector.data_key, 'hex'));
    const opened = openValue(key, vector.place, Buffer.from(vector.blob, 'hex'));
    expect(opened.toString('utf8')).toBe(vector.value);
  });

  it.each(vectors)('%s is sealed to the same bytes', (_file, vector) => {
    const key = dataKeyFrom(Buffer.from(vector.data_key, 'hex'));
    const blob = sealValue(key, vector.place, Buffer.from(vector.value), Buffer.from(vector.nonce, 'hex'));
    expect(blob.toString('hex')).toBe(vector.blob);
  });
});
