import { describe, expect, it } from 'vitest';
import { allScenarios } from '../../docs/contract/passports/all.ts';
import { parseKeySet } from '../src/passport/key-set.ts';
import { createPassportVerifier } from '../src/passport/verify-passport.ts';
import { type PassportVector, readPassportVectors } from './support/passport-vector.ts';

const vectors = readPassportVectors();

async function verdictOf({ jwt, keys, expected }: PassportVector): Promise<string> {
  const verify = createPassportVerifier({
    issuer: expected.issuer,
    site: expected.site,
    keys: { find: async (kid) => parseKeySet(keys).get(kid) ?? null },
    now: () => expected.now,
    toleranceSeconds: expected.tolerance_seconds,
  });
  const { nonce, max_age_seconds: maxAgeSeconds, access_token: accessToken, status } = expected;
  return verify(jwt, {
    nonce,
    maxAgeSeconds,
    ...(accessToken === undefined ? {} : { accessToken }),
    ...(status && {
      status: {
        lists: status.lists,
        maxAgeSeconds: status.max_age_seconds,
        allowStale: status.allow_stale,
      },
    }),
  }).then(
    () => 'accepted',
    (error) => error.code,
  );
}

describe('the passport vectors of the contract', () => {
  it.each(vectors)('$name is $verdict $reason', async (vector) => {
    expect(await verdictOf(vector)).toBe(vector.reason ?? 'accepted');
  });

  it('are the scenarios, no more and no fewer', () => {
    expect(vectors.map(({ name }) => name).sort()).toEqual(allScenarios.map(({ name }) => name).sort());
  });

  it('cover every reason code that a passport can be refused with', () => {
    const reasons = new Set(vectors.map(({ reason }) => reason));
    expect([...reasons].filter(Boolean).sort()).toEqual([
      'passport_alg_not_allowed',
      'passport_audience_invalid',
      'passport_azp_invalid',
      'passport_claim_invalid',
      'passport_claim_missing',
      'passport_crit_unsupported',
      'passport_duplicate_member',
      'passport_expired',
      'passport_issued_in_future',
      'passport_issuer_invalid',
      'passport_key_unknown',
      'passport_key_unusable',
      'passport_malformed',
      'passport_nonce_mismatch',
      'passport_not_yet_valid',
      'passport_revoked',
      'passport_signature_invalid',
      'passport_status_index_invalid',
      'passport_status_invalid',
      'passport_status_missing',
      'passport_status_signature_invalid',
      'passport_status_stale',
      'passport_status_too_large',
      'passport_subject_invalid',
      'passport_suspended',
      'passport_too_old',
      'passport_typ_invalid',
      'passport_version_unknown',
    ]);
  });
});
