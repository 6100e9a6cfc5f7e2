import type { UpstreamClaims } from '../profile-mapping.ts';
import { ManagementError } from './management-error.ts';

/** A user as the Management API shows them, as far as we look. */
export interface LogtoUser {
  readonly id: string;
  readonly isSuspended: boolean;
  /** In the words of OpenID Connect, so that one mapping serves both. */
  readonly claims: UpstreamClaims;
}

/** @throws ManagementError `unexpected` for what is no user */
export function readUser(value: unknown): LogtoUser {
  const user = objectOf(value);
  if (!user || typeof user.id !== 'string' || user.id === '' || typeof user.isSuspended !== 'boolean')
    throw new ManagementError('unexpected');
  return { id: user.id, isSuspended: user.isSuspended, claims: claimsOf(user) };
}

function claimsOf(user: UpstreamClaims): UpstreamClaims {
  const profile = objectOf(user.profile) ?? {};
  const address = objectOf(profile.address);
  return {
    name: user.name,
    given_name: profile.givenName,
    family_name: profile.familyName,
    nickname: profile.nickname,
    birthdate: profile.birthdate,
    locale: profile.locale,
    email: user.primaryEmail,
    phone_number: user.primaryPhone,
    address: address && {
      formatted: address.formatted,
      street_address: address.streetAddress,
      locality: address.locality,
      region: address.region,
      postal_code: address.postalCode,
      country: address.country,
    },
    custom_data: user.customData,
  };
}

function objectOf(value: unknown): UpstreamClaims | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as UpstreamClaims)
    : undefined;
}
