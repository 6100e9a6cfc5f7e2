import { describe, expect, it } from 'vitest';
import { encodeAssociatedData } from '../../../src/cell/kms/associated-data.ts';

const hex = (parts: (string | number)[]) => encodeAssociatedData(parts).toString('hex');

describe('associated data', () => {
  it('is each part with its length in four bytes, big-endian', () => {
    expect(hex(['ab', 7])).toBe('00000002616200000001' + '37');
  });

  it.each([
    [
      ['a|b', 'c'],
      ['a', 'b|c'],
    ],
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [
      ['a', 'b', 'c'],
      ['a', 'bc'],
    ],
    [['a\u0000\u0000\u0000\u0001b'], ['a', 'b']],
    [['caf\u00e9'], ['cafe\u0301']],
    [['1'], ['01']],
  ])('of %j differs from that of %j', (left, right) => {
    expect(hex(left)).not.toBe(hex(right));
  });

  it.each([
    ['an empty part', ['a', '']],
    ['a lone surrogate', ['\ud800']],
    ['zero', [0]],
    ['a negative number', [-1]],
    ['a fraction', [1.5]],
    ['a number beyond safe integers', [2 ** 53]],
    ['a part longer than 64 KiB', ['x'.repeat(65_536)]],
    ['something missing', [undefined as unknown as string]],
  ])('refuses %s', (_what, parts) => {
    expect(() => encodeAssociatedData(parts)).toThrow(TypeError);
  });
});
