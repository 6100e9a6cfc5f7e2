import { expect, it } from 'vitest';
import { authTimeFor } from '../../../src/core/oidc/auth-time.ts';

const HOUR = 3600;
/** 25 minutes and 17 seconds past a full hour. */
const authenticatedAt = 490_000 * HOUR + 1_517;

it('tells the second to the site that asked for this very sign-in', () => {
  const now = authenticatedAt + 40;
  expect(authTimeFor({ authenticatedAt, now, forThisRequest: true })).toBe(authenticatedAt);
});

it('tells the hour when the person was recognised', () => {
  const now = authenticatedAt + 40;
  expect(authTimeFor({ authenticatedAt, now, forThisRequest: false })).toBe(490_000 * HOUR);
});

it('tells the hour when the sign-in is older than a request can be', () => {
  const now = authenticatedAt + 901;
  expect(authTimeFor({ authenticatedAt, now, forThisRequest: true })).toBe(490_000 * HOUR);
});

it('never tells a time that the max_age of the request rules out, nor one that is later than the truth', () => {
  for (const age of [0, 1, 40, 600, HOUR, 3 * HOUR])
    for (const maxAgeSeconds of [age, age + 1, age + 500, age + 2 * HOUR]) {
      const now = authenticatedAt + age;
      const told = authTimeFor({ authenticatedAt, now, forThisRequest: false, maxAgeSeconds });
      expect(told).toBeLessThanOrEqual(authenticatedAt);
      expect(now - told).toBeLessThanOrEqual(maxAgeSeconds);
    }
});

it('tells two people of one hour by the same time, whatever max_age they came with', () => {
  const now = authenticatedAt + 2 * HOUR;
  for (const maxAgeSeconds of [undefined, 3 * HOUR, 2 * HOUR + 600]) {
    const told = [authenticatedAt, authenticatedAt + 300].map((one) =>
      authTimeFor({ authenticatedAt: one, now, forThisRequest: false, maxAgeSeconds }),
    );
    expect(new Set(told).size).toBe(1);
  }
});
