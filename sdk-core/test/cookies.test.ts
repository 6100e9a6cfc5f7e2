import { describe, expect, it } from 'vitest';
import { readCookie, readCookies } from '../src/cookies/cookie.ts';
import { createRecent } from '../src/session/recent.ts';

const NAME = '__Host-userref';
const PARTS = [
  NAME,
  `${NAME}-login-a`,
  `x${NAME}`,
  'a',
  '=',
  '=',
  ';',
  '; ',
  ' ',
  '\t',
  '"',
  ',',
  '1.abc',
  '',
];

/** Numbers that look random and are the same each time. */
function* numbers(): Generator<number> {
  for (let state = 7; ; state = (state * 48_271) % 2_147_483_647) yield state;
}

describe('one cookie of a header', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    [`${NAME}=a`, 'a'],
    [`b=1; ${NAME}=a`, 'a'],
    [`b=1;${NAME}=a;c=2`, 'a'],
    [`${NAME}=a; ${NAME}=b`, 'a'],
    [`${NAME}=a,b; ${NAME}=c`, 'c'],
    [`x${NAME}=a`, undefined],
    [`b=${NAME}=a`, undefined],
    [`b= ${NAME}=a`, undefined],
    [`${NAME}-login-x=a`, undefined],
    [`${NAME}`, undefined],
    [`${NAME}=`, ''],
  ])('in %j is %j', (header, value) => {
    expect(readCookie(header, NAME)).toBe(value);
  });

  it('is what reading all of them finds, in any header', () => {
    const random = numbers();
    for (let count = 0; count < 20_000; count += 1) {
      const pieces = Array.from({ length: 1 + ((random.next().value ?? 0) % 9) }, () => {
        return PARTS[(random.next().value ?? 0) % PARTS.length];
      });
      // Browsers put no blank before the equals sign.
      const header = pieces.join('').replace(/[ \t]+=/g, '=');
      expect([header, readCookie(header, NAME)]).toEqual([header, readCookies(header).get(NAME)]);
    }
  });
});

describe('the cookies of a header', () => {
  it.each(['\u00a0', '\ufeff', '\v', '\f', '\u2003'])(
    'are of no other name for %j in front of it',
    (blank) => {
      // Browsers take such a name for one without a prefix: a neighbouring host may set it for this one.
      expect([...readCookies(`a=1; ${blank}${NAME}-login-a=b`).keys()]).toEqual(['a']);
    },
  );
});

describe('what was used lately', () => {
  it('stays, while what was not goes; there are never more than fit', () => {
    const recent = createRecent<number>(100);
    recent.set('used', 1);
    for (let count = 0; count < 1000; count += 1) {
      recent.set(`other ${count}`, count);
      expect(recent.get('used')).toBe(1);
    }
    const left = Array.from({ length: 1000 }, (_, count) => recent.get(`other ${count}`)).filter(Boolean);
    expect(left.length).toBeLessThanOrEqual(100);
    expect(recent.get('other 0')).toBeUndefined();
  });
});
