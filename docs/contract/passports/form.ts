import { goodClaims, goodHeader, type Scenario } from './scenario.ts';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const json = JSON.stringify;
const parts = (jwt: string) => jwt.split('.') as [string, string, string];

/** Another last character that decodes to the same 64 bytes of an ES256 signature. */
function otherTailBits(jwt: string): string {
  const last = BASE64URL.indexOf(jwt.slice(-1));
  return jwt.slice(0, -1) + BASE64URL.charAt(last ^ 1);
}

/** A payload of 4n + 1 characters, which no bytes have. */
function impossibleLength(jwt: string): string {
  const [header, payload, signature] = parts(jwt);
  return [header, payload + 'A'.repeat((5 - (payload.length % 4)) % 4 || 4), signature].join('.');
}

/** The compact form: one passport has one spelling (hard cases T12, T13). */
export const formScenarios: readonly Scenario[] = [
  { name: 'form-space-at-the-end', reason: 'passport_malformed', edit: (jwt) => `${jwt} ` },
  { name: 'form-newline-at-the-end', reason: 'passport_malformed', edit: (jwt) => `${jwt}\n` },
  { name: 'form-space-inside', reason: 'passport_malformed', edit: (jwt) => jwt.replace('.', '. ') },
  { name: 'form-padding', reason: 'passport_malformed', edit: (jwt) => `${jwt}==` },
  { name: 'form-stray-tail-bits', reason: 'passport_malformed', edit: otherTailBits },
  {
    name: 'form-standard-alphabet',
    reason: 'passport_malformed',
    edit: (jwt) => `${jwt.slice(0, -2)}+/`,
  },
  { name: 'form-space-at-the-start', reason: 'passport_malformed', edit: (jwt) => ` ${jwt}` },
  { name: 'form-tab-at-the-end', reason: 'passport_malformed', edit: (jwt) => `${jwt}\t` },
  { name: 'form-line-break-inside', reason: 'passport_malformed', edit: (jwt) => jwt.replace('.', '\r\n.') },
  { name: 'form-zero-byte-at-the-end', reason: 'passport_malformed', edit: (jwt) => `${jwt}\u0000` },
  { name: 'form-byte-order-mark', reason: 'passport_malformed', edit: (jwt) => `\ufeff${jwt}` },
  { name: 'form-bearer-in-front', reason: 'passport_malformed', edit: (jwt) => `Bearer ${jwt}` },
  { name: 'form-dots-encoded', reason: 'passport_malformed', edit: (jwt) => jwt.replaceAll('.', '%2E') },
  { name: 'form-full-width-character', reason: 'passport_malformed', edit: (jwt) => `\uff45${jwt.slice(1)}` },
  { name: 'form-two-passports', reason: 'passport_malformed', edit: (jwt) => `${jwt},${jwt}` },
  { name: 'form-disclosures-behind', reason: 'passport_malformed', edit: (jwt) => `${jwt}~WyJhIl0~` },
  { name: 'form-dot-at-the-end', reason: 'passport_malformed', edit: (jwt) => `${jwt}.` },
  { name: 'form-dot-at-the-start', reason: 'passport_malformed', edit: (jwt) => `.${jwt}` },
  { name: 'form-dots-only', reason: 'passport_malformed', edit: () => '..' },
  { name: 'form-one-part', reason: 'passport_malformed', edit: (jwt) => parts(jwt)[1] },
  {
    name: 'form-payload-missing',
    reason: 'passport_malformed',
    edit: (jwt) => `${parts(jwt)[0]}..${parts(jwt)[2]}`,
  },
  { name: 'form-header-padded', reason: 'passport_malformed', edit: (jwt) => jwt.replace('.', '=.') },
  {
    name: 'form-payload-padded',
    reason: 'passport_malformed',
    edit: (jwt) => jwt.replace(/\.([^.]*)\./, '.$1=.'),
  },
  { name: 'form-payload-of-impossible-length', reason: 'passport_malformed', edit: impossibleLength },
  { name: 'form-empty', reason: 'passport_malformed', edit: () => '' },
  { name: 'form-two-parts', reason: 'passport_malformed', edit: (jwt) => parts(jwt).slice(0, 2).join('.') },
  { name: 'form-four-parts', reason: 'passport_malformed', edit: (jwt) => `${jwt}.AAAA` },
  { name: 'form-five-parts-encrypted', reason: 'passport_malformed', edit: (jwt) => `${jwt}.AAAA.AAAA` },
  {
    name: 'form-json-serialisation',
    reason: 'passport_malformed',
    edit: (jwt) => json({ protected: parts(jwt)[0], payload: parts(jwt)[1], signature: parts(jwt)[2] }),
  },
  { name: 'form-too-long', reason: 'passport_malformed', claims: { acr: 'a'.repeat(16_384) } },
  { name: 'header-no-json', reason: 'passport_malformed', headerText: '{"alg":"ES256"' },
  { name: 'header-no-object', reason: 'passport_malformed', headerText: '["ES256"]' },
  {
    name: 'header-byte-order-mark',
    reason: 'passport_malformed',
    headerText: `\ufeff${json(goodHeader)}`,
  },
  {
    name: 'header-duplicate-alg',
    reason: 'passport_duplicate_member',
    headerText: '{"alg":"none","alg":"ES256","typ":"JWT","kid":"es256"}',
  },
  { name: 'payload-no-json', reason: 'passport_malformed', payloadText: 'hello' },
  { name: 'payload-no-object', reason: 'passport_malformed', payloadText: json([goodClaims]) },
  {
    name: 'payload-nested-jwt',
    reason: 'passport_malformed',
    payloadText: 'eyJhbGciOiJub25lIn0.e30.',
  },
  {
    name: 'payload-duplicate-sub',
    reason: 'passport_duplicate_member',
    payloadText: json(goodClaims).replace('{', '{"sub":"ppid_zzzzzzzzzzzzzzzzzzzzzzzzzz",'),
  },
  {
    name: 'payload-duplicate-sub-escaped',
    reason: 'passport_duplicate_member',
    payloadText: json(goodClaims).replace('{', '{"s\\u0075b":"ppid_zzzzzzzzzzzzzzzzzzzzzzzzzz",'),
  },
  {
    name: 'payload-duplicate-member-deep',
    reason: 'passport_duplicate_member',
    payloadText: json(goodClaims).replace('"v":1', '"v":1,"v":1'),
  },
  {
    name: 'payload-same-name-in-two-objects',
    claims: { acr: 'urn:userref:assurance:high', extra: { iss: 'a "quoted\\" name": {', sub: [{ sub: 1 }] } },
  },
];
