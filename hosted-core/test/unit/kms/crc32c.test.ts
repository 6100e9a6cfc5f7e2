import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../src/cell/kms/crc32c.ts';

describe('CRC-32C', () => {
  // RFC 3720 appendix B.4, and the check value of the polynomial.
  it.each([
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['32 rising', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
    ['32 falling', Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
    ['123456789', Buffer.from('123456789'), 0xe3069283],
    ['nothing', Buffer.alloc(0), 0],
  ])('of %s is as published', (_name, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum);
  });
});
