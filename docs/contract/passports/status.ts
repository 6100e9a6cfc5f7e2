import { deflateSync } from 'node:zlib';
import { ISSUER, type KeyName, NOW, type Scenario } from './scenario.ts';
import { signatureOver } from './sign.ts';

const URI = `${ISSUER}/status/abcdefghijklmnopqrstuvwxyz`;
const OTHER_URI = `${ISSUER}/status/zyxwvutsrqponmlkjihgfedcba`;

/** 64 places; 5 is revoked, 9 suspended where a place has two bits. */
const oneBit = Uint8Array.of(0b0010_0000, 0, 0, 0, 0, 0, 0, 0);
const twoBits = Uint8Array.of(0, 0b0000_0100, 0b0000_1000, 0b0000_1100);

const lst = (bytes: Uint8Array) => deflateSync(bytes).toString('base64url');

interface ListParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly payloadText?: string;
  readonly signWith?: KeyName;
}

/** A list as the issuer signs it. */
function list({ header, claims, payloadText, signWith = 'eddsa' }: ListParts = {}): string {
  const head = {
    alg: signWith === 'eddsa' ? 'EdDSA' : 'ES256',
    typ: 'statuslist+jwt',
    kid: signWith,
    ...header,
  };
  const body = {
    iss: ISSUER,
    sub: URI,
    iat: NOW - 60,
    exp: NOW + 86_340,
    ttl: 300,
    status_list: { bits: 1, lst: lst(oneBit) },
    ...claims,
  };
  const texts = [JSON.stringify(head), payloadText ?? JSON.stringify(body)];
  const input = texts.map((text) => Buffer.from(text).toString('base64url')).join('.');
  return `${input}.${signatureOver(input, signWith)}`;
}

const at = (idx: unknown, uri: unknown = URI) => ({ status: { status_list: { idx, uri } } });
const withBits = (bits: number, bytes: Uint8Array) =>
  list({ claims: { status_list: { bits, lst: lst(bytes) } } });

const good = list();
const bomb = withBits(1, new Uint8Array(8 * 1024 * 1024));
const aged = (seconds: number, more: object = {}) => list({ claims: { iat: NOW - seconds, ...more } });
/** The same list as it was when no place was revoked. */
const beforeRevocation = aged(200, { status_list: { bits: 1, lst: lst(new Uint8Array(8)) } });

interface Status {
  readonly lists: string | readonly string[];
  readonly max_age_seconds?: number;
  readonly allow_stale?: boolean;
}

function scenario(
  name: string,
  reason: Scenario['reason'],
  status: Status,
  claims: object = at(4),
): Scenario {
  const lists = typeof status.lists === 'string' ? [status.lists] : status.lists;
  return {
    name,
    ...(reason && { reason }),
    claims: { ...claims },
    expected: { status: { ...status, lists } },
  };
}

/** What a verifier with saved status lists must find (Token Status List, draft-21). */
export const statusScenarios: readonly Scenario[] = [
  scenario('status-valid', undefined, { lists: good }),
  scenario('status-valid-last-place', undefined, { lists: good }, at(63)),
  scenario('status-valid-among-several-lists', undefined, {
    lists: [list({ claims: { sub: OTHER_URI } }), good],
  }),
  scenario('status-valid-two-bits', undefined, { lists: withBits(2, twoBits) }),
  scenario('status-valid-without-iss', undefined, { lists: list({ claims: { iss: undefined } }) }),
  scenario('status-revoked', 'passport_revoked', { lists: good }, at(5)),
  scenario(
    'status-revoked-in-list-signed-es256',
    'passport_revoked',
    { lists: list({ signWith: 'es256' }) },
    at(5),
  ),
  scenario('status-revoked-two-bits', 'passport_revoked', { lists: withBits(2, twoBits) }, at(5)),
  scenario('status-suspended', 'passport_suspended', { lists: withBits(2, twoBits) }, at(9)),
  scenario('status-unknown-value', 'passport_status_invalid', { lists: withBits(2, twoBits) }, at(13)),
  { name: 'status-not-looked-for', claims: at(5) },
  scenario('status-missing-in-passport', 'passport_status_missing', { lists: good }, {}),
  scenario('status-of-another-list', 'passport_status_missing', { lists: good }, at(4, OTHER_URI)),
  scenario('status-no-lists', 'passport_status_missing', { lists: [] }),
  scenario('status-claim-index-negative', 'passport_claim_invalid', { lists: good }, at(-1)),
  scenario('status-claim-index-text', 'passport_claim_invalid', { lists: good }, at('4')),
  scenario('status-claim-uri-missing', 'passport_claim_invalid', { lists: good }, at(4, null)),
  scenario('status-claim-no-object', 'passport_claim_invalid', { lists: good }, { status: 4 }),
  scenario('status-index-out-of-range', 'passport_status_index_invalid', { lists: good }, at(64)),
  scenario('status-index-far-out-of-range', 'passport_status_index_invalid', { lists: good }, at(2 ** 40)),
  scenario('status-list-within-ttl', undefined, { lists: aged(315) }),
  scenario('status-list-past-ttl', 'passport_status_stale', { lists: aged(316) }),
  scenario('status-list-past-max-age', 'passport_status_stale', { lists: good, max_age_seconds: 30 }),
  scenario('status-list-within-longer-max-age', undefined, {
    lists: aged(3_000),
    max_age_seconds: 3_600,
  }),
  scenario('status-list-stale-allowed', undefined, { lists: aged(3_000), allow_stale: true }),
  scenario(
    'status-list-stale-allowed-revoked',
    'passport_revoked',
    { lists: aged(3_000), allow_stale: true },
    at(5),
  ),
  scenario(
    'status-revoked-in-the-newer-of-two-lists',
    'passport_revoked',
    { lists: [beforeRevocation, good, beforeRevocation] },
    at(5),
  ),
  scenario(
    'status-revoked-in-the-newer-of-two-lists-though-stale-allowed',
    'passport_revoked',
    { lists: [beforeRevocation, aged(100)], allow_stale: true },
    at(5),
  ),
  scenario('status-valid-though-an-older-list-is-stale', undefined, { lists: [aged(3_000), good] }),
  scenario('status-list-past-exp-though-stale-allowed', 'passport_status_stale', {
    lists: aged(90_000, { exp: NOW - 15 }),
    allow_stale: true,
  }),
  scenario('status-list-of-the-future', 'passport_status_invalid', { lists: aged(-16) }),
  scenario('status-list-without-ttl-is-good-for-300-seconds', 'passport_status_stale', {
    lists: aged(316, { ttl: undefined }),
  }),
  scenario('status-list-iat-missing', 'passport_status_invalid', {
    lists: list({ claims: { iat: undefined } }),
  }),
  scenario('status-list-ttl-text', 'passport_status_invalid', {
    lists: list({ claims: { ttl: '300' } }),
  }),
  scenario('status-list-signed-by-other-key', 'passport_status_signature_invalid', {
    lists: list({ header: { kid: 'es256', alg: 'ES256' }, signWith: 'es256Next' }),
  }),
  scenario('status-list-key-unknown', 'passport_status_signature_invalid', {
    lists: list({ header: { kid: 'nobody' } }),
  }),
  scenario('status-list-of-other-issuer', 'passport_status_signature_invalid', {
    lists: list({ claims: { iss: 'https://id.other.eu' } }),
  }),
  scenario('status-list-altered', 'passport_status_signature_invalid', {
    lists: good.replace(/\.([^.]+)$/, (whole) =>
      whole.replace(/[A-Y]/, (one) => String.fromCharCode(one.charCodeAt(0) + 1)),
    ),
  }),
  scenario('status-list-typ-jwt', 'passport_status_invalid', {
    lists: list({ header: { typ: 'JWT' } }),
  }),
  scenario('status-list-alg-none', 'passport_status_invalid', {
    lists: list({ header: { alg: 'none' } }),
  }),
  scenario('status-list-padded', 'passport_status_invalid', { lists: `${good}=` }),
  scenario('status-list-no-jwt', 'passport_status_invalid', { lists: 'revoked' }),
  scenario('status-list-duplicate-member', 'passport_status_invalid', {
    lists: list({ payloadText: `{"sub":"${URI}","sub":"${URI}"}` }),
  }),
  scenario('status-list-bits-3', 'passport_status_invalid', { lists: withBits(3, oneBit) }),
  scenario('status-list-lst-not-packed', 'passport_status_invalid', {
    lists: list({ claims: { status_list: { bits: 1, lst: Buffer.from(oneBit).toString('base64url') } } }),
  }),
  scenario('status-list-lst-cut-off', 'passport_status_invalid', {
    lists: list({
      claims: { status_list: { bits: 1, lst: deflateSync(oneBit).subarray(0, -5).toString('base64url') } },
    }),
  }),
  scenario('status-list-lst-standard-base64', 'passport_status_invalid', {
    lists: list({ claims: { status_list: { bits: 1, lst: deflateSync(oneBit).toString('base64') } } }),
  }),
  scenario('status-list-bomb', 'passport_status_too_large', { lists: bomb }),
];
