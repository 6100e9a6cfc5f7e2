import { afterAll, describe, expect, it } from 'vitest';
import { ReadAudit } from '../../src/cell/attributes/read-audit.ts';
import { ReleaseAttributes } from '../../src/cell/attributes/release-attributes.ts';
import {
  ADDRESS,
  AUDIENCE,
  addConsent,
  addPerson,
  auditRows,
  connect,
  issueToken,
  PURPOSE,
  store,
  TENANT,
} from '../support/cell-fixture.ts';
import { createReleaseBench } from '../support/release-bench.ts';

const { accessToken, admin, ask, fixture, person, userRef } = await createReleaseBench();

afterAll(() => fixture.drop());

describe('attributes are released', () => {
  it('to the site that the person agreed with, for that purpose', async () => {
    expect(await ask()).toEqual({ 'address:shipping': ADDRESS });
  });

  it('only after the read was written down, with names and no value', async () => {
    const before = (await auditRows(admin, 'attributes.released')).length;
    await ask({ requestId: 'request-1' });
    const rows = await auditRows(admin, 'attributes.released');
    expect(rows).toHaveLength(before + 1);
    const ref = await admin.query<{ audit_ref: string }>(
      'select audit_ref from cell.people where subject_id = $1',
      [person],
    );
    expect(rows.at(-1)).toEqual({
      action: 'attributes.released',
      site_id: 'shop-a',
      subject_ref: ref[0]?.audit_ref,
      data: { attributes: ['address:shipping'], purpose: PURPOSE },
    });
    expect(JSON.stringify(rows)).not.toContain(person);
  });

  it('not at all when the read cannot be written down, whether its keys are at hand or not', async () => {
    await admin.query(`create function public.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'log is full'; end $$`);
    await admin.query(`create trigger full_log before insert on cell.audit_pending
      for each statement execute function public.refuse()`);
    const cold = new ReleaseAttributes({
      database: fixture.cell,
      vault: fixture.coldVault(),
      audit: new ReadAudit({ database: fixture.cell }),
      audience: AUDIENCE,
      issuer: 'http://core.test',
    });
    const request = { tenantId: TENANT, accessToken, names: ['address:shipping'], purpose: PURPOSE };
    await expect(ask(request)).rejects.toThrow('log is full');
    await expect(cold.release(request)).rejects.toThrow('log is full');
    await admin.query('drop trigger full_log on cell.audit_pending');
    expect(await ask(request)).toEqual({ 'address:shipping': ADDRESS });
    expect(await cold.release(request)).toEqual({ 'address:shipping': ADDRESS });
  });

  it('and counted at the consent, exactly, when many reads share one write', async () => {
    const subjectId = await addPerson(admin);
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId });
    const consentId = await addConsent(admin, { subjectId, attribute: 'profile:name' });
    await Promise.all(
      Array.from({ length: 200 }, () => ask({ accessToken: token, names: ['profile:name'] })),
    );
    await fixture.audit.close();
    const rows = await admin.query(
      'select reads, last_read_at is not null as dated from cell.consents where consent_id = $1',
      [consentId],
    );
    expect(rows).toEqual([{ reads: '200', dated: true }]);
    const entries = await admin.query(
      `select count(*)::int as n from cell.audit_events e join cell.people p on p.audit_ref = e.subject_ref
       where p.subject_id = $1 and action = 'attributes.released'`,
      [subjectId],
    );
    expect(entries).toEqual([{ n: 200 }]);
  });

  it('to each of many callers at the same time what is theirs, with refusals among them', async () => {
    const people = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const subjectId = await addPerson(admin);
        const isRefused = index % 5 === 0;
        await store(fixture, subjectId, { 'contact:email': `sample-${index}@example.com` });
        if (!isRefused) await addConsent(admin, { subjectId, attribute: 'contact:email' });
        const userRefHere = await connect(admin, subjectId, 'shop-a');
        const ofPerson = index % 2 === 0;
        const token = await issueToken(
          admin,
          ofPerson ? { siteId: 'shop-a', subjectId } : { siteId: 'shop-a' },
        );
        const caller = { accessToken: token, ...(ofPerson ? {} : { userRef: userRefHere }) };
        return { subjectId, isRefused, caller, email: `sample-${index}@example.com` };
      }),
    );
    const answers = await Promise.allSettled([
      ...people.map(({ caller }) => ask({ ...caller, names: ['contact:email'] })),
      ask({ accessToken: 'unknown', names: ['contact:email'] }),
    ]);
    for (const [index, { isRefused, email }] of people.entries())
      expect(answers[index]).toMatchObject(
        isRefused ? { reason: { code: 'consent_required' } } : { value: { 'contact:email': email } },
      );
    expect(answers.at(-1)).toMatchObject({ reason: { code: 'invalid_token' } });
    const written = await admin.query(
      `select p.subject_id, array_agg(e.action) as actions from cell.audit_events e
       join cell.people p on p.audit_ref = e.subject_ref where p.subject_id = any($1) group by 1`,
      [people.map(({ subjectId }) => subjectId)],
    );
    const expected = people.map(({ subjectId, isRefused }) => ({
      subject_id: subjectId,
      actions: [isRefused ? 'attributes.refused' : 'attributes.released'],
    }));
    expect(written).toHaveLength(expected.length);
    expect(written).toEqual(expect.arrayContaining(expected));
  });

  it('as null when the person agreed and has no such value', async () => {
    await addConsent(admin, { subjectId: person, attribute: 'contact:phone' });
    expect(await ask({ names: ['contact:phone', 'address:shipping'] })).toEqual({
      'contact:phone': null,
      'address:shipping': ADDRESS,
    });
  });

  it('to the site itself, when the person is away', async () => {
    const siteToken = await issueToken(admin, { siteId: 'shop-a' });
    expect(await ask({ accessToken: siteToken, userRef })).toEqual({ 'address:shipping': ADDRESS });
  });

  it('as yes or no when that is all that was agreed to', async () => {
    await addConsent(admin, { subjectId: person, attribute: 'age:over_18' });
    expect(await ask({ names: ['age:over_18'] })).toEqual({ 'age:over_18': true });
    await expect(ask({ names: ['age:over_18', 'profile:birthdate'] })).rejects.toMatchObject({
      code: 'consent_required',
    });
  });
});
