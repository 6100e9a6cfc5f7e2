import { afterAll, describe, expect, it } from 'vitest';
import type { ReleaseRequest } from '../../src/cell/attributes/release-attributes.ts';
import { newUserRef, randomBase32 } from '../../src/ids/random-ids.ts';
import {
  ADDRESS,
  addConsent,
  addPerson,
  auditRows,
  issueToken,
  PURPOSE,
  store,
} from '../support/cell-fixture.ts';
import { createReleaseBench } from '../support/release-bench.ts';

const { admin, ask, fixture, lastAudit, person, userRef } = await createReleaseBench();

afterAll(() => fixture.drop());

describe('a read is refused', () => {
  const missing = (attributes: string[]) => ({
    code: 'consent_required',
    status: 403,
    extensions: { attributes, purpose: PURPOSE },
  });

  it('whole, when one of the names is not covered, and only that one is named', async () => {
    await expect(ask({ names: ['address:shipping', 'contact:email'] })).rejects.toMatchObject(
      missing(['contact:email']),
    );
    expect(await lastAudit('attributes.refused')).toMatchObject({
      site_id: 'shop-a',
      data: { code: 'consent_required', attributes: ['address:shipping', 'contact:email'], purpose: PURPOSE },
    });
  });

  it('for another purpose than the one agreed to', async () => {
    const error = ask({ purpose: 'newsletter' });
    await expect(error).rejects.toMatchObject({
      code: 'consent_required',
      extensions: { purpose: 'newsletter' },
    });
  });

  it('for another site than the one agreed with', async () => {
    const token = await issueToken(admin, { siteId: 'shop-b', subjectId: person });
    await expect(ask({ accessToken: token })).rejects.toMatchObject(missing(['address:shipping']));
  });

  it.each(['withdrawn', 'denied'] as const)('after the consent was %s', async (state) => {
    const subjectId = await addPerson(admin);
    await store(fixture, subjectId, { 'address:shipping': ADDRESS });
    await addConsent(admin, { subjectId, attribute: 'address:shipping', state });
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId });
    await expect(ask({ accessToken: token })).rejects.toMatchObject(missing(['address:shipping']));
  });

  it('from the moment of the withdrawal, with the same token and warm caches', async () => {
    const subjectId = await addPerson(admin);
    await store(fixture, subjectId, { 'address:shipping': ADDRESS });
    await addConsent(admin, { subjectId, attribute: 'address:shipping' });
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId });
    expect(await ask({ accessToken: token })).toEqual({ 'address:shipping': ADDRESS });
    await admin.query(
      `update cell.consents set state = 'withdrawn', withdrawn_at = now() where subject_id = $1`,
      [subjectId],
    );
    await expect(ask({ accessToken: token })).rejects.toMatchObject({ code: 'consent_required' });
  });

  it.each([
    ['has run out while the token lives', 'granted', -1],
    ['was marked as expired', 'expired', -1],
  ] as const)('with consent_expired when the consent %s', async (_how, state, expiresInDays) => {
    const subjectId = await addPerson(admin);
    await addConsent(admin, { subjectId, attribute: 'address:shipping', state, expiresInDays });
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId });
    await expect(ask({ accessToken: token })).rejects.toMatchObject({
      code: 'consent_expired',
      extensions: { attributes: ['address:shipping'], purpose: PURPOSE },
    });
    await expect(
      ask({ accessToken: token, names: ['address:shipping', 'contact:email'] }),
    ).rejects.toMatchObject(missing(['address:shipping', 'contact:email']));
  });

  it('while the person restricts processing', async () => {
    const subjectId = await addPerson(admin);
    await addConsent(admin, { subjectId, attribute: 'address:shipping' });
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId });
    await admin.query(`update cell.people set status = 'restricted' where subject_id = $1`, [subjectId]);
    await expect(ask({ accessToken: token })).rejects.toMatchObject({
      code: 'processing_restricted',
      status: 403,
    });
    expect(await lastAudit('attributes.refused')).toMatchObject({ data: { code: 'processing_restricted' } });
  });

  it('for names that are not in the catalogue, before anything is asked of the database', async () => {
    await expect(ask({ names: ['profile:shoe_size'] })).rejects.toMatchObject({ code: 'unknown_attribute' });
  });

  it('with one and the same 404 for an unknown and for a foreign user_ref, and written down', async () => {
    const siteToken = await issueToken(admin, { siteId: 'shop-b' });
    const before = (await auditRows(admin, 'attributes.refused')).length;
    const errors = [];
    for (const ref of [userRef, newUserRef(), 'nobody']) {
      errors.push(await ask({ accessToken: siteToken, userRef: ref }).catch((error: unknown) => error));
    }
    for (const error of errors) expect(error).toEqual(errors[0]);
    expect(errors[0]).toMatchObject({ code: 'not_found', status: 404 });
    const rows = (await auditRows(admin, 'attributes.refused')).slice(before);
    expect(rows).toHaveLength(3);
    for (const row of rows)
      expect(row).toMatchObject({ site_id: 'shop-b', subject_ref: null, data: { code: 'not_found' } });
  });

  const invalid = { code: 'invalid_token', status: 401 };
  it.each<[string, () => Promise<Partial<ReleaseRequest>>]>([
    ['is unknown', async () => ({ accessToken: randomBase32(52) })],
    [
      'has expired',
      async () => ({
        accessToken: await issueToken(admin, { siteId: 'shop-a', subjectId: person, secondsToLive: -1 }),
      }),
    ],
    [
      'is for another cell',
      async () => ({
        accessToken: await issueToken(admin, {
          siteId: 'shop-a',
          subjectId: person,
          audience: 'http://other.test',
        }),
      }),
    ],
    ['is of another tenant', async () => ({ tenantId: 'other' })],
    [
      'is a site’s own, with nobody present',
      async () => ({ accessToken: await issueToken(admin, { siteId: 'shop-a' }) }),
    ],
    ['is a person’s, where the site’s own is wanted', async () => ({ userRef })],
  ])('when the token %s', async (_how, difference) => {
    await expect(ask(await difference())).rejects.toMatchObject(invalid);
  });

  it('when the grant behind the token is gone', async () => {
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId: person });
    await admin.query(
      `delete from core.oidc_artifacts g using core.oidc_artifacts t
       where t.id_sha256 = sha256(convert_to($1, 'UTF8')) and g.id_sha256 = t.grant_sha256`,
      [token],
    );
    await expect(ask({ accessToken: token })).rejects.toMatchObject(invalid);
  });

  it('opaquely and with an alarm when a stored value was tampered with', async () => {
    const subjectId = await addPerson(admin);
    await store(fixture, subjectId, { 'address:shipping': ADDRESS, 'address:billing': ADDRESS });
    for (const attribute of ['address:shipping', 'address:billing'])
      await addConsent(admin, { subjectId, attribute });
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId });
    await admin.query(
      `update cell.users_pii a set value_enc = b.value_enc from cell.users_pii b
       where a.subject_id = $1 and b.subject_id = $1 and a.attribute <> b.attribute`,
      [subjectId],
    );
    const names = ['address:shipping', 'address:billing'];
    const error = (await ask({ accessToken: token, names }).catch((thrown: unknown) => thrown)) as Error;
    expect(error).toMatchObject({ code: 'integrity_error', status: 500, extensions: {} });
    expect(error.message).toBe('integrity_error: Stored data failed its integrity check');
    expect(await lastAudit('vault.integrity')).toMatchObject({
      site_id: 'shop-a',
      data: { attributes: names },
    });
  });
});
