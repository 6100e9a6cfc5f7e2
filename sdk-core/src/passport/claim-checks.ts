import { isObject } from '../encoding/strict-json.ts';
import { ASSURANCE_LEVELS, type AssuranceLevel, PASSPORT_VERSION } from '../generated/contract.ts';
import { ATTRIBUTE_NAME, type Passport, type PassportStatus, SESSION_ID, USER_REF } from './passport.ts';
import { refusePassport } from './refusal.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface ClaimExpectations {
  readonly issuer: string;
  readonly site: string;
  /** Unix seconds. */
  readonly now: number;
  readonly toleranceSeconds: number;
  /** The `nonce` of the login; `undefined` leaves the claim unchecked. */
  readonly nonce?: string | undefined;
  /** Longest time since `auth_time`. */
  readonly maxAgeSeconds?: number | undefined;
}

const REQUIRED = [
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
] as const;
const MAX_CONSENTS = 64;
const MAX_URI = 512;

/** All checks of the contract on the claims, in its order; what is left is a passport. */
export function checkClaims(claims: Claims, expected: ClaimExpectations): Passport {
  for (const name of REQUIRED) {
    if (!Object.hasOwn(claims, name)) throw refusePassport('passport_claim_missing', `${name} is missing.`);
  }
  checkParties(claims, expected);
  checkTimes(claims, expected);
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce) {
    throw refusePassport('passport_nonce_mismatch');
  }
  checkSubject(claims);
  const body = checkBody(claims.passport);
  return Object.freeze({
    userRef: claims.sub as string,
    sid: textClaim(claims, 'sid', SESSION_ID),
    tenant: textClaim(claims, 'tenant', SESSION_ID),
    ...body,
    authTime: claims.auth_time as number,
    issuedAt: claims.iat as number,
    expiresAt: claims.exp as number,
    status: statusClaim(claims),
  });
}

function checkParties(claims: Claims, { issuer, site }: ClaimExpectations): void {
  if (claims.iss !== issuer) throw refusePassport('passport_issuer_invalid');
  if (claims.aud !== site) throw refusePassport('passport_audience_invalid');
  if (Object.hasOwn(claims, 'azp') && claims.azp !== site) throw refusePassport('passport_azp_invalid');
  if (claims.site !== site) throw refusePassport('passport_claim_invalid', 'site is not this site.');
}

function checkTimes(claims: Claims, expected: ClaimExpectations): void {
  const { now, toleranceSeconds: tolerance, maxAgeSeconds } = expected;
  const exp = timeClaim(claims, 'exp');
  const iat = timeClaim(claims, 'iat');
  const authTime = timeClaim(claims, 'auth_time');
  const nbf = Object.hasOwn(claims, 'nbf') ? timeClaim(claims, 'nbf') : iat;
  if (exp <= iat) throw refusePassport('passport_claim_invalid', 'exp is not after iat.');
  if (exp <= now - tolerance) throw refusePassport('passport_expired');
  if (iat > now + tolerance) throw refusePassport('passport_issued_in_future');
  if (nbf > now + tolerance) throw refusePassport('passport_not_yet_valid');
  if (authTime > iat + tolerance) throw refusePassport('passport_claim_invalid', 'auth_time is after iat.');
  // Written so that what is no number lets nothing pass.
  const isFresh = maxAgeSeconds === undefined || now - authTime <= Number(maxAgeSeconds) + tolerance;
  if (!isFresh) {
    throw refusePassport('passport_too_old');
  }
}

function timeClaim(claims: Claims, name: string): number {
  const value = claims[name];
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw refusePassport('passport_claim_invalid', `${name} is no time in Unix seconds.`);
}

function checkSubject(claims: Claims): void {
  const { sub, user_ref: userRef } = claims;
  const matches = typeof sub === 'string' && USER_REF.test(sub) && sub === userRef;
  if (!matches) throw refusePassport('passport_subject_invalid');
}

function textClaim(claims: Claims, name: string, form: RegExp): string {
  const value = claims[name];
  if (typeof value === 'string' && form.test(value)) return value;
  throw refusePassport('passport_claim_invalid', `${name} is malformed.`);
}

function checkBody(body: unknown): { consents: readonly string[]; assuranceLevel: AssuranceLevel } {
  if (!isObject(body)) throw refusePassport('passport_claim_invalid', 'passport is no object.');
  if (body.v !== PASSPORT_VERSION) throw refusePassport('passport_version_unknown');
  const { consents } = body;
  const assuranceLevel = ASSURANCE_LEVELS.find((level) => level === body.assurance_level);
  if (assuranceLevel === undefined) {
    throw refusePassport('passport_claim_invalid', 'assurance_level is unknown.');
  }
  if (!Array.isArray(consents) || consents.length > MAX_CONSENTS || !consents.every(isAttributeName)) {
    throw refusePassport('passport_claim_invalid', 'consents is no list of attribute names.');
  }
  return { consents: Object.freeze([...consents]), assuranceLevel };
}

function statusClaim({ status }: Claims): PassportStatus | null {
  if (status === undefined) return null;
  const place = isObject(status) ? status.status_list : undefined;
  const { idx, uri } = isObject(place) ? place : {};
  const isPlace = Number.isSafeInteger(idx) && (idx as number) >= 0 && typeof uri === 'string';
  if (!isPlace || uri.length > MAX_URI) {
    throw refusePassport('passport_claim_invalid', 'status names no place in a status list.');
  }
  return Object.freeze({ uri, index: idx as number });
}

function isAttributeName(value: unknown): value is string {
  return typeof value === 'string' && ATTRIBUTE_NAME.test(value);
}
