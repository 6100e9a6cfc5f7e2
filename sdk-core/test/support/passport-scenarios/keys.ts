import { goodKeySet, privateJwk, publicJwk, type Scenario } from './scenario.ts';

const withFirst = (key: unknown) => ({ keys: [key, ...goodKeySet.keys.slice(1)] });
const zeroSignature = (jwt: string) => `${jwt.slice(0, jwt.lastIndexOf('.'))}.${'A'.repeat(86)}`;

/** Keys and signatures (T3, T7, T14). */
export const keyScenarios: readonly Scenario[] = [
  { name: 'good-es256' },
  { name: 'good-es256-second-key', header: { kid: 'es256Next' }, signWith: 'es256Next' },
  { name: 'good-rs256', header: { alg: 'RS256', kid: 'rs256' }, signWith: 'rs256' },
  { name: 'good-eddsa', header: { alg: 'EdDSA', kid: 'eddsa' }, signWith: 'eddsa' },
  { name: 'signature-of-a-stranger', reason: 'passport_signature_invalid', signWith: 'es256Stranger' },
  { name: 'signature-of-the-other-key', reason: 'passport_signature_invalid', signWith: 'es256Next' },
  { name: 'signature-missing', reason: 'passport_signature_invalid', signWith: 'nothing' },
  { name: 'signature-all-zero', reason: 'passport_signature_invalid', edit: zeroSignature },
  {
    name: 'signature-cut-off',
    reason: 'passport_signature_invalid',
    edit: (jwt) => jwt.slice(0, -4).replace(/.$/, 'A'),
  },
  {
    name: 'signature-over-other-claims',
    reason: 'passport_signature_invalid',
    edit: (jwt) => {
      const [header, payload = '', signature] = jwt.split('.');
      return [
        header,
        payload.replace(/^eyJpc3MiOiJodHRwczovL2lk/, 'eyJpc3MiOiJodHRwczovL2lj'),
        signature,
      ].join('.');
    },
  },
  {
    name: 'key-for-encryption',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { use: 'enc' })),
  },
  {
    name: 'key-ops-without-verify',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { use: undefined, key_ops: ['deriveBits'] })),
  },
  {
    name: 'key-ops-no-list',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { key_ops: 'verify' })),
  },
  {
    name: 'key-alg-differs',
    reason: 'passport_alg_not_allowed',
    keySet: withFirst(publicJwk('es256', { alg: 'ES384' })),
  },
  {
    name: 'key-of-another-curve',
    reason: 'passport_alg_not_allowed',
    keySet: withFirst(publicJwk('p384', { kid: 'es256' })),
  },
  {
    name: 'key-point-not-on-curve',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { y: publicJwk('es256Next').y })),
  },
  {
    name: 'set-with-private-key',
    reason: 'passport_key_unusable',
    keySet: withFirst({ ...privateJwk('es256'), kid: 'es256' }),
  },
  {
    name: 'set-with-symmetric-key',
    reason: 'passport_key_unusable',
    keySet: { keys: [...goodKeySet.keys, { kty: 'oct', k: 'AAAA', kid: 'oct' }] },
  },
  {
    name: 'set-with-duplicate-kid',
    reason: 'passport_key_unusable',
    keySet: { keys: [...goodKeySet.keys, publicJwk('es256Stranger', { kid: 'es256' })] },
  },
  {
    name: 'set-with-rsa-1024',
    reason: 'passport_key_unusable',
    keySet: { keys: [...goodKeySet.keys, publicJwk('rsa1024')] },
  },
  {
    name: 'set-with-rsa-exponent-1',
    reason: 'passport_key_unusable',
    keySet: { keys: [...goodKeySet.keys, publicJwk('rs256', { kid: 'e1', e: 'AQ' })] },
  },
  { name: 'set-empty', reason: 'passport_key_unusable', keySet: { keys: [] } },
  { name: 'set-no-object', reason: 'passport_key_unusable', keySet: [] },
  {
    name: 'set-with-unknown-kind-of-key',
    keySet: { keys: [...goodKeySet.keys, { kty: 'AKP', alg: 'ML-DSA-44', kid: 'pq', pub: 'AAAA' }] },
  },
];
