import type { FakePerson } from './fake-person.ts';
import { statusClaim } from './fake-status-list.ts';

interface Issuing {
  readonly issuer: string;
  readonly site: string;
  readonly person: FakePerson;
}

/** How long a passport lives, and how long a logout token, in seconds. */
const PASSPORT_SECONDS = 3600;
const LOGOUT_SECONDS = 120;

export function passportClaims(
  { issuer, site, person }: Issuing,
  { consents, now }: { readonly consents: readonly string[]; readonly now: number },
): object {
  const { userRef, sid, assuranceLevel } = person;
  return {
    iss: issuer,
    aud: site,
    sub: userRef,
    user_ref: userRef,
    passport: { v: 1, consents, assurance_level: assuranceLevel },
    tenant: 'acme',
    site,
    sid,
    acr: `urn:userref:assurance:${assuranceLevel}`,
    auth_time: now,
    status: statusClaim(issuer),
    iat: now,
    exp: now + PASSPORT_SECONDS,
  };
}

export function logoutClaims({ issuer, site, person }: Issuing, now: number): object {
  return {
    iss: issuer,
    aud: site,
    sub: person.userRef,
    sid: person.sid,
    iat: now,
    exp: now + LOGOUT_SECONDS,
    jti: `jti-${crypto.randomUUID()}`,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  };
}
