import { goodClaims, goodHeader, type Scenario } from './scenario.ts';

const json = JSON.stringify;
const bytesOf = (text: string) => [...new TextEncoder().encode(text)];
const payload = json(goodClaims);
const withMember = (member: string) => payload.replace('{', `{${member},`);
const deep = (depth: number) => withMember(`"deep":${'['.repeat(depth)}${']'.repeat(depth)}`);

function malformed(name: string, payloadText: string): Scenario {
  return { name: `payload-${name}`, reason: 'passport_malformed', payloadText };
}

/** `bytes` inside a string of the payload, where only valid UTF-8 may stand. */
function withBytes(name: string, ...bytes: number[]): Scenario {
  const payloadBytes = [...bytesOf('{"x":"'), ...bytes, ...bytesOf(`",${payload.slice(1)}`)];
  return { name: `payload-${name}`, reason: 'passport_malformed', payloadBytes };
}

/** What is JSON and what only looks like it: parsers differ here, so the vectors decide. */
export const jsonScenarios: readonly Scenario[] = [
  malformed('trailing-comma', payload.replace(/\}$/, ',}')),
  malformed('comment', `/* passport */${payload}`),
  malformed('text-behind', `${payload}{}`),
  malformed('single-quotes', payload.replaceAll('"', "'")),
  malformed('not-a-number', withMember('"x":NaN')),
  malformed('leading-zero', withMember('"x":01')),
  malformed('hexadecimal', withMember('"x":0x10')),
  malformed('plus-sign', withMember('"x":+1')),
  malformed('control-character-in-text', withMember('"x":"\u0001"')),
  malformed('unknown-escape', withMember('"x":"\\x41"')),
  malformed('half-a-surrogate-pair', withMember('"x":"\\ud800"')),
  malformed('surrogates-the-wrong-way-round', withMember('"x":"\\udc00\\ud800"')),
  malformed('half-a-surrogate-pair-as-name', withMember('"\\ud800":1')),
  malformed('byte-order-mark', `\ufeff${payload}`),
  malformed('empty', ' '),
  malformed('null', 'null'),
  malformed('text', json('passport')),
  malformed('65-levels-deep', deep(64)),
  malformed('thousands-of-levels-deep', deep(4000)),
  withBytes('overlong-utf8', 0xc0, 0x80),
  withBytes('surrogate-in-utf8', 0xed, 0xa0, 0x80),
  withBytes('cut-off-utf8', 0xc3),
  withBytes('beyond-unicode', 0xf4, 0x90, 0x80, 0x80),
  {
    name: 'payload-utf16',
    reason: 'passport_malformed',
    payloadBytes: [...Buffer.from(payload, 'utf16le')],
  },
  { name: 'payload-64-levels-deep', payloadText: deep(63) },
  { name: 'payload-surrogate-pair', payloadText: withMember('"x":"\\ud83d\\ude00"') },
  { name: 'payload-escaped-backslash-before-a-surrogate', payloadText: withMember('"x":"\\\\ud800"') },
  { name: 'payload-white-space', payloadText: ` \r\n\t${json(goodClaims, null, 2)}\n` },
  { name: 'payload-number-too-large-elsewhere', payloadText: withMember('"x":1e400') },
  { name: 'payload-empty-object', reason: 'passport_claim_missing', payloadText: '{}' },
  {
    name: 'payload-claims-in-the-prototype',
    reason: 'passport_claim_missing',
    payloadText: `{"__proto__":${payload}}`,
  },
  {
    name: 'payload-prototype-elsewhere',
    payloadText: withMember('"__proto__":{"aud":"shop-b"},"constructor":{"prototype":{"azp":"x"}}'),
  },
  {
    name: 'payload-duplicate-member-in-a-list',
    reason: 'passport_duplicate_member',
    payloadText: withMember('"list":[{"a":1},{"a":1,"a":2}]'),
  },
  {
    name: 'payload-duplicate-member-empty-name',
    reason: 'passport_duplicate_member',
    payloadText: withMember('"":1,"":2'),
  },
  {
    name: 'payload-duplicate-prototype',
    reason: 'passport_duplicate_member',
    payloadText: withMember('"__proto__":1,"__proto__":2'),
  },
  {
    name: 'header-duplicate-kid',
    reason: 'passport_duplicate_member',
    headerText: '{"alg":"ES256","typ":"JWT","kid":"es256Stranger","kid":"es256"}',
  },
  {
    name: 'header-duplicate-alg-escaped',
    reason: 'passport_duplicate_member',
    headerText: '{"\\u0061lg":"none","alg":"ES256","typ":"JWT","kid":"es256"}',
  },
  { name: 'header-empty-object', reason: 'passport_alg_not_allowed', headerText: '{}' },
  {
    name: 'header-alg-in-the-prototype',
    reason: 'passport_alg_not_allowed',
    headerText: `{"__proto__":${json(goodHeader)}}`,
  },
  { name: 'header-text-behind', reason: 'passport_malformed', headerText: `${json(goodHeader)} x` },
  {
    name: 'header-half-a-surrogate-pair',
    reason: 'passport_malformed',
    headerText: `{"x":"\\ud800",${json(goodHeader).slice(1)}`,
  },
];
