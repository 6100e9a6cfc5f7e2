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
    name: 'key-ops-empty',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { key_ops: [] })),
  },
  {
    name: 'key-ops-of-signing-only',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { key_ops: ['sign'] })),
  },
  { name: 'key-ops-with-verify', keySet: withFirst(publicJwk('es256', { key_ops: ['verify'] })) },
  { name: 'key-without-use-and-alg', keySet: withFirst(publicJwk('es256', { use: undefined })) },
  {
    name: 'key-use-null',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { use: null })),
  },
  {
    name: 'key-without-x',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { x: undefined })),
  },
  {
    name: 'key-with-x-cut-off',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { x: String(publicJwk('es256').x).slice(0, 40) })),
  },
  {
    name: 'key-at-infinity',
    reason: 'passport_key_unusable',
    keySet: withFirst(publicJwk('es256', { x: 'A'.repeat(43), y: 'A'.repeat(43) })),
  },
  {
    name: 'key-without-kid',
    reason: 'passport_key_unknown',
    keySet: withFirst(publicJwk('es256', { kid: undefined })),
  },
  {
    name: 'key-kid-number',
    reason: 'passport_key_unknown',
    header: { kid: '7' },
    keySet: withFirst(publicJwk('es256', { kid: 7 })),
  },
  {
    name: 'key-of-another-kind-under-the-kid',
    reason: 'passport_alg_not_allowed',
    keySet: withFirst(publicJwk('eddsa', { kid: 'es256' })),
  },
  {
    name: 'key-for-agreement-under-the-kid',
    reason: 'passport_alg_not_allowed',
    header: { alg: 'EdDSA', kid: 'x' },
    signWith: 'eddsa',
    keySet: withFirst(publicJwk('eddsa', { crv: 'X25519', kid: 'x' })),
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
  {
    name: 'set-with-rsa-exponent-3',
    reason: 'passport_key_unusable',
    keySet: { keys: [...goodKeySet.keys, publicJwk('rs256', { kid: 'e3', e: 'Aw' })] },
  },
  {
    name: 'set-with-even-rsa-modulus',
    reason: 'passport_key_unusable',
    keySet: {
      keys: [...goodKeySet.keys, publicJwk('rs256', { kid: 'even', n: `${'_'.repeat(341)}g` })],
    },
  },
  {
    name: 'set-with-private-rsa-part',
    reason: 'passport_key_unusable',
    keySet: { keys: [...goodKeySet.keys, publicJwk('rs256', { kid: 'part', p: 'AQAB' })] },
  },
  {
    name: 'set-with-member-null',
    reason: 'passport_key_unusable',
    keySet: { keys: [...goodKeySet.keys, null] },
  },
  {
    name: 'set-with-duplicate-kid-not-asked-for',
    reason: 'passport_key_unusable',
    keySet: { keys: [...goodKeySet.keys, publicJwk('es256Stranger', { kid: 'rs256' })] },
  },
  {
    name: 'set-of-33-keys',
    reason: 'passport_key_unusable',
    keySet: {
      keys: [...goodKeySet.keys, ...Array.from({ length: 29 }, (_, n) => ({ kty: 'AKP', kid: `k${n}` }))],
    },
  },
  {
    name: 'set-keys-no-list',
    reason: 'passport_key_unusable',
    keySet: { keys: { es256: publicJwk('es256') } },
  },
  { name: 'set-null', reason: 'passport_key_unusable', keySet: null },
  { name: 'set-empty', reason: 'passport_key_unusable', keySet: { keys: [] } },
  { name: 'set-no-object', reason: 'passport_key_unusable', keySet: [] },
  {
    name: 'set-with-unknown-kind-of-key',
    keySet: { keys: [...goodKeySet.keys, { kty: 'AKP', alg: 'ML-DSA-44', kid: 'pq', pub: 'AAAA' }] },
  },
];
