import { describe, expect, it } from 'vitest';
import { parseStrictObject } from '../src/encoding/strict-json.ts';

const read = (text: string) => parseStrictObject(new TextEncoder().encode(text));

describe('strict JSON', () => {
  it.each([
    ['{"a":1,"a":2}'],
    ['{"a":{"b":1,"b":{}},"c":2}'],
    ['{"a":[{"b":1},{"b":1,"b":1}]}'],
    ['{"a":{"b":1},"a":0}'],
    ['{"a":1,"\\u0061":2}'],
    ['{"\\"":1,"\\u0022":2}'],
    ['{"__proto__":1,"__proto__":2}'],
    ['{"a\\\\":1,"b":"\\\\\\"","a\\\\":2}'],
  ])('refuses %s: a member occurs twice', (text) => {
    expect(read(text)).toEqual({ result: 'duplicate_member' });
  });

  it.each([
    ['{"a":{"b":1},"b":{"a":1}}'],
    ['{"a":["x:y","{","[","\\"","\\\\","\\\\\\":"],"b:":"}"}'],
    ['{"__proto__":{"a":1},"a":2}'],
    ['{ "a" : [ ] , "" : { } }'],
    ['{"a":[{"b":1},{"b":1}]}'],
  ])('reads %s', (text) => {
    expect(read(text)).toEqual({ result: 'object', value: JSON.parse(text) });
  });

  it('goes 64 levels deep and no deeper', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect(read(nested(64)).result).toBe('object');
    expect(read(nested(65)).result).toBe('malformed');
    expect(read(nested(100_000)).result).toBe('malformed');
    const withPair = `{"b":"\\ud83d\\ude00",${nested(100_000).slice(1)}`;
    expect(read(withPair).result).toBe('malformed');
  });

  it('reads ten million escapes and backslashes', () => {
    const text = `{"a":"${'\\n'.repeat(5_000_000)}${'\\\\'.repeat(5_000_000)}"}`;
    expect(read(text).result).toBe('object');
  });

  it.each([['[1]'], ['"a"'], ['null'], ['{"a":1'], ['\uFEFF{"a":1}'], ['{"a":"\\ud800"}']])(
    'refuses %s: no JSON object that every language reads alike',
    (text) => {
      expect(read(text)).toEqual({ result: 'malformed' });
    },
  );
});
