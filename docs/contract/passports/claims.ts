import { goodClaims, NOW, type Scenario, SITE, TOLERANCE_SECONDS, USER_REF } from './scenario.ts';

const body = goodClaims.passport;
const required = [
  'iss',
  'aud',
  'sub',
  'user_ref',
  'passport',
  'tenant',
  'site',
  'sid',
  'auth_time',
  'iat',
  'exp',
];

function refusals(
  reason: NonNullable<Scenario['reason']>,
  stem: string,
  list: Scenario['claims'][],
): Scenario[] {
  return list.map((claims, index) => ({ name: `${stem}-${index + 1}`, reason, claims: claims ?? {} }));
}

/** Who it is from, for and about (T8, T9, T15). */
const partyScenarios: readonly Scenario[] = [
  ...required.map(
    (claim): Scenario => ({
      name: `claim-missing-${claim.replaceAll('_', '-')}`,
      reason: 'passport_claim_missing',
      claims: { [claim]: undefined },
    }),
  ),
  ...refusals('passport_issuer_invalid', 'iss-other', [
    { iss: 'https://id.example.eu/' },
    { iss: 'http://id.example.eu' },
    { iss: 'https://ID.example.eu' },
    { iss: 'https://id.example.eu/other-tenant' },
    { iss: 'https://id.ex\u0430mple.eu' },
    { iss: ['https://id.example.eu'] },
    { iss: null },
    { iss: 'https://id.example.eu:443' },
    { iss: 'https://id.example.eu.' },
    { iss: 'https://id.example.eu ' },
    { iss: 'https://id.example.eu?tenant=acme' },
    { iss: 'https://id.example.eu.evil.example' },
    { iss: 'https://x@id.example.eu' },
    { iss: { issuer: 'https://id.example.eu' } },
  ]),
  ...refusals('passport_audience_invalid', 'aud-other', [
    { aud: [SITE] },
    { aud: [SITE, 'shop-b'] },
    { aud: 'shop' },
    { aud: 'shop-a2' },
    { aud: 'SHOP-A' },
    { aud: 'shop-a/' },
    { aud: '' },
    { aud: null },
    { aud: [] },
    { aud: [[SITE]] },
    { aud: { site: SITE } },
    { aud: ` ${SITE}` },
    { aud: `${SITE}\u0000` },
    { aud: 'shop-\u0430' },
    { aud: 7 },
  ]),
  { name: 'azp-is-the-site', claims: { azp: SITE } },
  ...refusals('passport_azp_invalid', 'azp-other', [
    { azp: 'shop-b' },
    { azp: [SITE] },
    { azp: null },
    { azp: '' },
  ]),
  ...refusals('passport_claim_invalid', 'site-other', [{ site: 'shop-b' }, { site: null }, { site: [SITE] }]),
  ...refusals('passport_nonce_mismatch', 'nonce-other', [
    { nonce: 'other' },
    { nonce: undefined },
    { nonce: 7 },
    { nonce: null },
    { nonce: '' },
    { nonce: [goodClaims.nonce] },
    { nonce: `${goodClaims.nonce} ` },
    { nonce: goodClaims.nonce.toLowerCase() },
  ]),
  ...refusals('passport_subject_invalid', 'sub-malformed', [
    { user_ref: 'ppid_zzzzzzzzzzzzzzzzzzzzzzzzzz' },
    ...['42', USER_REF.toUpperCase(), `${USER_REF}a`, USER_REF.slice(0, -1), `${USER_REF}\n`].map((ref) => ({
      sub: ref,
      user_ref: ref,
    })),
    { sub: [USER_REF], user_ref: [USER_REF] },
    { sub: null, user_ref: null },
    { sub: 42, user_ref: 42 },
    ...['ppid_', `PPID_${USER_REF.slice(5)}`, USER_REF.replace('_', '-'), USER_REF.replace('a', '1')].map(
      (ref) => ({ sub: ref, user_ref: ref }),
    ),
  ]),
  { name: 'at-hash-fits', claims: { at_hash: '61RCcFlp3I2l36yPlljcaA' }, expected: { access_token: 'AT' } },
  {
    name: 'at-hash-of-another-token',
    reason: 'passport_claim_invalid',
    claims: { at_hash: '61RCcFlp3I2l36yPlljcaA' },
    expected: { access_token: 'another' },
  },
];

/** When (T10): the edges of the tolerance, and numbers that are none. */
const timeScenarios: readonly Scenario[] = [
  {
    name: 'exp-within-tolerance',
    claims: { exp: NOW - TOLERANCE_SECONDS + 1, iat: NOW - 3600, auth_time: NOW - 3600 },
  },
  {
    name: 'exp-at-tolerance',
    reason: 'passport_expired',
    claims: { exp: NOW - TOLERANCE_SECONDS, iat: NOW - 3600, auth_time: NOW - 3600 },
  },
  { name: 'exp-long-ago', reason: 'passport_expired', claims: { exp: 2, iat: 1, auth_time: 1 } },
  { name: 'iat-within-tolerance', claims: { iat: NOW + TOLERANCE_SECONDS } },
  {
    name: 'iat-beyond-tolerance',
    reason: 'passport_issued_in_future',
    claims: { iat: NOW + TOLERANCE_SECONDS + 1 },
  },
  {
    name: 'iat-tomorrow',
    reason: 'passport_issued_in_future',
    claims: { iat: NOW + 86_400, exp: NOW + 90_000 },
  },
  { name: 'nbf-within-tolerance', claims: { nbf: NOW + TOLERANCE_SECONDS } },
  {
    name: 'nbf-beyond-tolerance',
    reason: 'passport_not_yet_valid',
    claims: { nbf: NOW + TOLERANCE_SECONDS + 1 },
  },
  ...refusals('passport_claim_invalid', 'time-malformed', [
    { exp: String(NOW + 3600) },
    { exp: null },
    { exp: -1 },
    { exp: NOW + 0.5 },
    { iat: String(NOW) },
    { iat: true },
    { nbf: 'soon' },
    { auth_time: '0' },
    { auth_time: NOW + 3600 },
    { exp: NOW - 5, iat: NOW - 5 },
    { exp: [NOW + 3600] },
    { exp: 2 ** 53 },
    { iat: null },
    { iat: -1 },
    { iat: NOW - 0.5 },
    { nbf: null },
    { nbf: -1 },
    { nbf: NOW - 0.5 },
    { auth_time: null },
    { auth_time: true },
    { auth_time: NOW + 11 },
  ]),
  {
    name: 'exp-too-large-for-a-number',
    reason: 'passport_claim_invalid',
    payloadText: JSON.stringify(goodClaims).replace(`"exp":${goodClaims.exp}`, '"exp":1e309'),
  },
  { name: 'exp-far-away', claims: { exp: 253_402_300_799 } },
  { name: 'auth-time-long-ago', claims: { auth_time: 0 } },
  { name: 'auth-time-within-tolerance', claims: { auth_time: NOW + 10 } },
  {
    name: 'exp-with-a-fraction-of-zero',
    payloadText: JSON.stringify(goodClaims).replace(`"exp":${goodClaims.exp}`, `"exp":${goodClaims.exp}.0`),
  },
  {
    name: 'exp-with-an-exponent',
    payloadText: JSON.stringify(goodClaims).replace(`"exp":${goodClaims.exp}`, '"exp":17672291e2'),
  },
  { name: 'max-age-at-tolerance', claims: { auth_time: NOW - 75 }, expected: { max_age_seconds: 60 } },
  { name: 'max-age-within', expected: { max_age_seconds: 60 } },
  {
    name: 'max-age-beyond',
    reason: 'passport_too_old',
    claims: { auth_time: NOW - 76 },
    expected: { max_age_seconds: 60 },
  },
];

/** The member `passport` (T16). */
const bodyScenarios: readonly Scenario[] = [
  ...refusals('passport_version_unknown', 'version-unknown', [
    { passport: { ...body, v: 2 } },
    { passport: { ...body, v: '1' } },
    { passport: { consents: [], assurance_level: 'low' } },
    { passport: { ...body, v: 0 } },
    { passport: { ...body, v: true } },
    { passport: { ...body, v: [1] } },
    { passport: { ...body, v: null } },
  ]),
  ...refusals('passport_claim_invalid', 'body-malformed', [
    { passport: 'v1' },
    { passport: [body] },
    { passport: { ...body, consents: undefined } },
    { passport: { ...body, consents: 'profile:name' } },
    { passport: { ...body, consents: [7] } },
    { passport: { ...body, consents: ['profile name'] } },
    { passport: { ...body, consents: Array(65).fill('profile:name') } },
    { passport: { ...body, assurance_level: 'HIGH' } },
    { passport: { ...body, assurance_level: undefined } },
    { passport: null },
    { passport: { ...body, consents: { 0: 'profile:name' } } },
    { passport: { ...body, consents: [null] } },
    { passport: { ...body, consents: ['PROFILE:name'] } },
    { passport: { ...body, consents: ['profile:'] } },
    { passport: { ...body, consents: ['__proto__'] } },
    { passport: { ...body, consents: ['profile:name\n'] } },
    { passport: { ...body, assurance_level: 'highest' } },
    { passport: { ...body, assurance_level: ['high'] } },
    { passport: { ...body, assurance_level: 3 } },
    { sid: '' },
    { sid: 'a'.repeat(129) },
    { sid: 'lHbS9qpF3kQm2xTz\n' },
    { sid: [goodClaims.sid] },
    { tenant: '' },
    { tenant: 7 },
    { sid: 7 },
    { sid: 'a b' },
    { tenant: null },
  ]),
  {
    name: 'body-with-64-consents',
    claims: { passport: { ...body, consents: Array(64).fill('profile:name') } },
  },
  { name: 'body-with-members-of-a-later-version', claims: { passport: { ...body, region: 'eu' } } },
  { name: 'sid-of-128-characters', claims: { sid: 'a'.repeat(128) } },
  { name: 'body-without-consents', claims: { passport: { ...body, consents: [] } } },
];

export const claimScenarios: readonly Scenario[] = [...partyScenarios, ...timeScenarios, ...bodyScenarios];
