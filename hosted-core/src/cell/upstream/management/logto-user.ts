import type { UpstreamClaims } from '../profile-mapping.ts';
import { ManagementError } from './management-error.ts';

/** A user as the Management API shows them, as far as we look. */
export interface LogtoUser {
  readonly id: string;
  readonly isSuspended: boolean;
  /** In the words of OpenID Connect, so that one mapping serves both. What is not there is null. */
  readonly claims: UpstreamClaims;
  /** When anything about the account changed last, a sign-in included; Unix milliseconds. */
  readonly changedAt: number | undefined;
  /** Unix milliseconds; `undefined` before the first sign-in. */
  readonly signedInAt: number | undefined;
}

/** @throws ManagementError `unexpected` for what is no user */
export function readUser(value: unknown): LogtoUser {
  const user = objectOf(value);
  if (!user || typeof user.id !== 'string' || user.id === '' || typeof user.isSuspended !== 'boolean')
    throw new ManagementError('unexpected');
  const { id, isSuspended, updatedAt, lastSignInAt } = user;
  return {
    ...{ id, isSuspended, claims: claimsOf(user) },
    ...{ changedAt: timeOf(updatedAt), signedInAt: timeOf(lastSignInAt) },
  };
}

function claimsOf(user: UpstreamClaims): UpstreamClaims {
  const profile = objectOf(user.profile);
  return {
    name: user.name,
    email: user.primaryEmail,
    phone_number: user.primaryPhone,
    custom_data: user.customData,
    ...(profile && {
      given_name: profile.givenName ?? null,
      family_name: profile.familyName ?? null,
      nickname: profile.nickname ?? null,
      birthdate: profile.birthdate ?? null,
      locale: profile.locale ?? null,
      address: addressOf(objectOf(profile.address)),
    }),
  };
}

function addressOf(address: UpstreamClaims | undefined): UpstreamClaims | null {
  if (!address || Object.keys(address).length === 0) return null;
  return {
    formatted: address.formatted,
    street_address: address.streetAddress,
    locality: address.locality,
    region: address.region,
    postal_code: address.postalCode,
    country: address.country,
  };
}

function timeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function objectOf(value: unknown): UpstreamClaims | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as UpstreamClaims)
    : undefined;
}
