import { goodKeySet, publicJwk, type Scenario } from './scenario.ts';

const spki = 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE';
const attackerKey = publicJwk('es256Stranger');

const wrongTypes = [
  'logout+jwt',
  'at+jwt',
  'secevent+jwt',
  'statuslist+jwt',
  'token-introspection+jwt',
  'jwt',
  '',
];

/** The header: algorithm, type, critical extensions, keys that the token brings along (T1 to T5, T11, T12). */
export const headerScenarios: readonly Scenario[] = [
  ...['none', 'None', 'nOnE', ''].map(
    (alg, index): Scenario => ({
      name: `alg-none-${index + 1}`,
      reason: 'passport_alg_not_allowed',
      header: { alg },
      signWith: 'nothing',
    }),
  ),
  {
    name: 'alg-hs256-with-public-jwk-as-secret',
    reason: 'passport_alg_not_allowed',
    header: { alg: 'HS256' },
    signWith: { hmacSecret: JSON.stringify(publicJwk('es256')) },
  },
  {
    name: 'alg-hs256-with-public-pem-as-secret',
    reason: 'passport_alg_not_allowed',
    header: { alg: 'HS256' },
    signWith: { hmacSecret: `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n` },
  },
  ...['PS256', 'RS512', 'ES384', 'ES256K', 'RSA1_5'].map(
    (alg): Scenario => ({
      name: `alg-${alg.toLowerCase()}`,
      reason: 'passport_alg_not_allowed',
      header: { alg },
    }),
  ),
  { name: 'alg-missing', reason: 'passport_alg_not_allowed', header: { alg: undefined } },
  { name: 'alg-number', reason: 'passport_alg_not_allowed', header: { alg: 256 } },
  { name: 'alg-rs256-named-with-ec-key', reason: 'passport_alg_not_allowed', header: { alg: 'RS256' } },
  {
    name: 'alg-es256-named-with-rsa-key',
    reason: 'passport_alg_not_allowed',
    header: { kid: 'rs256' },
    signWith: 'rs256',
  },
  ...wrongTypes.map(
    (typ, index): Scenario => ({
      name: `typ-other-${index + 1}`,
      reason: 'passport_typ_invalid',
      header: { typ },
    }),
  ),
  { name: 'typ-missing', reason: 'passport_typ_invalid', header: { typ: undefined } },
  { name: 'crit-b64', reason: 'passport_crit_unsupported', header: { crit: ['b64'], b64: false } },
  { name: 'crit-unknown', reason: 'passport_crit_unsupported', header: { crit: ['exp'], exp: 1 } },
  { name: 'crit-empty', reason: 'passport_crit_unsupported', header: { crit: [] } },
  { name: 'header-b64-false', reason: 'passport_malformed', header: { b64: false } },
  { name: 'header-zip', reason: 'passport_malformed', header: { zip: 'DEF' } },
  { name: 'header-nested-cty', reason: 'passport_malformed', header: { cty: 'JWT' } },
  { name: 'header-jku', reason: 'passport_malformed', header: { jku: 'http://127.0.0.1:9/jwks' } },
  { name: 'header-x5u', reason: 'passport_malformed', header: { x5u: 'http://127.0.0.1:9/cert' } },
  {
    name: 'header-jwk-of-attacker',
    reason: 'passport_malformed',
    header: { jwk: attackerKey },
    signWith: 'es256Stranger',
  },
  { name: 'header-x5c', reason: 'passport_malformed', header: { x5c: ['MIIB'] }, signWith: 'es256Stranger' },
  ...['../../etc/passwd', "' OR 1=1--", 'a'.repeat(4000), '__proto__', '', 7, null].map(
    (kid, index): Scenario => ({
      name: `kid-hostile-${index + 1}`,
      reason: 'passport_key_unknown',
      header: { kid },
    }),
  ),
  { name: 'kid-missing', reason: 'passport_key_unknown', header: { kid: undefined } },
  { name: 'kid-not-published', reason: 'passport_key_unknown', header: { kid: 'es256Stranger' } },
  {
    name: 'header-unknown-member-is-ignored',
    header: { 'x-future': true },
    keySet: goodKeySet,
  },
];
