import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnAttributes } from '../../src/cell/attributes/own-attributes.ts';
import { ReadAudit } from '../../src/cell/attributes/read-audit.ts';
import { ReleaseAttributes, type ReleaseRequest } from '../../src/cell/attributes/release-attributes.ts';
import type { Database } from '../../src/database/database.ts';
import { newUserRef, randomBase32 } from '../../src/ids/random-ids.ts';
import {
  AUDIENCE,
  addConsent,
  addPerson,
  auditRows,
  type CellFixture,
  connect,
  createCellFixture,
  issueToken,
  store,
  TENANT,
} from '../support/cell-fixture.ts';

let fixture: CellFixture;
let admin: Database;
let person: string;
let accessToken: string;
let userRef: string;
const purpose = 'order_delivery';
const address = { street_address: 'Sample Street 1', locality: 'Tartu', country: 'EE' };

beforeAll(async () => {
  fixture = await createCellFixture();
  admin = fixture.admin;
  person = await addPerson(admin);
  userRef = await connect(admin, person, 'shop-a');
  accessToken = await issueToken(admin, { siteId: 'shop-a', subjectId: person });
  await store(fixture, person, {
    'address:shipping': address,
    'contact:email': 'sample-amber@example.com',
    'profile:birthdate': '1990-01-01',
  });
  await addConsent(admin, { subjectId: person, attribute: 'address:shipping' });
});
afterAll(() => fixture.drop());

const ask = (request: Partial<ReleaseRequest> = {}) =>
  fixture.release.release({
    tenantId: TENANT,
    accessToken,
    names: ['address:shipping'],
    purpose,
    ...request,
  });

const lastAudit = async (action: string) => (await auditRows(admin, action)).at(-1);

describe('attributes are released', () => {
  it('to the site that the person agreed with, for that purpose', async () => {
    expect(await ask()).toEqual({ 'address:shipping': address });
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
      data: { attributes: ['address:shipping'], purpose },
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
    const request = { tenantId: TENANT, accessToken, names: ['address:shipping'], purpose };
    await expect(ask(request)).rejects.toThrow('log is full');
    await expect(cold.release(request)).rejects.toThrow('log is full');
    await admin.query('drop trigger full_log on cell.audit_pending');
    expect(await ask(request)).toEqual({ 'address:shipping': address });
    expect(await cold.release(request)).toEqual({ 'address:shipping': address });
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
      'address:shipping': address,
    });
  });

  it('to the site itself, when the person is away', async () => {
    const siteToken = await issueToken(admin, { siteId: 'shop-a' });
    expect(await ask({ accessToken: siteToken, userRef })).toEqual({ 'address:shipping': address });
  });

  it('as yes or no when that is all that was agreed to', async () => {
    await addConsent(admin, { subjectId: person, attribute: 'age:over_18' });
    expect(await ask({ names: ['age:over_18'] })).toEqual({ 'age:over_18': true });
    await expect(ask({ names: ['age:over_18', 'profile:birthdate'] })).rejects.toMatchObject({
      code: 'consent_required',
    });
  });
});

describe('a read is refused', () => {
  const missing = (attributes: string[]) => ({
    code: 'consent_required',
    status: 403,
    extensions: { attributes, purpose },
  });

  it('whole, when one of the names is not covered, and only that one is named', async () => {
    await expect(ask({ names: ['address:shipping', 'contact:email'] })).rejects.toMatchObject(
      missing(['contact:email']),
    );
    expect(await lastAudit('attributes.refused')).toMatchObject({
      site_id: 'shop-a',
      data: { code: 'consent_required', attributes: ['address:shipping', 'contact:email'], purpose },
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
    await store(fixture, subjectId, { 'address:shipping': address });
    await addConsent(admin, { subjectId, attribute: 'address:shipping', state });
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId });
    await expect(ask({ accessToken: token })).rejects.toMatchObject(missing(['address:shipping']));
  });

  it('from the moment of the withdrawal, with the same token and warm caches', async () => {
    const subjectId = await addPerson(admin);
    await store(fixture, subjectId, { 'address:shipping': address });
    await addConsent(admin, { subjectId, attribute: 'address:shipping' });
    const token = await issueToken(admin, { siteId: 'shop-a', subjectId });
    expect(await ask({ accessToken: token })).toEqual({ 'address:shipping': address });
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
      extensions: { attributes: ['address:shipping'], purpose },
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
    await store(fixture, subjectId, { 'address:shipping': address, 'address:billing': address });
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

describe('the person’s own view', () => {
  const own = () => new OwnAttributes({ vault: fixture.vault, audit: fixture.audit });

  it('shows everything, restricted or not, and is written down', async () => {
    const subjectId = await addPerson(admin);
    await store(fixture, subjectId, { 'profile:name': 'Sample Person Birch' });
    await admin.query(`update cell.people set status = 'restricted' where subject_id = $1`, [subjectId]);
    expect(await own().read({ tenantId: TENANT, subjectId })).toEqual([
      { attribute: 'profile:name', value: 'Sample Person Birch', source: 'upstream' },
    ]);
    expect(await lastAudit('own_attributes.read')).toMatchObject({
      site_id: null,
      data: { attributes: ['profile:name'] },
    });
  });

  it('is not shown when it cannot be written down', async () => {
    const failing = { query: () => Promise.reject(new Error('log is full')) } as unknown as Database;
    const view = new OwnAttributes({ vault: fixture.vault, audit: new ReadAudit({ database: failing }) });
    await expect(view.read({ tenantId: TENANT, subjectId: person })).rejects.toThrow('log is full');
  });
});

describe('the database keeps the halves and tenants apart', () => {
  const tables = [
    'cell.keys',
    'cell.users_pii',
    'cell_keys.subject_keys',
    'cell.people',
    'cell.consents',
    'cell.audit_events',
  ];

  it.each(tables)('%s shows the cell no row without a tenant, nor with another one', async (table) => {
    const { cell } = fixture;
    const [all] = await admin.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    expect(all?.n).toBeGreaterThan(0);
    expect(await cell.query(`select 1 from ${table}`)).toEqual([]);
    expect(await cell.inTenant('empty', (tx) => tx.query(`select 1 from ${table}`))).toEqual([]);
    // After a call that set a tenant, on the same connection too.
    await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(await cell.query(`select 1 from ${table}`)).toEqual([]);
  });

  it('the cell can write no row of another tenant', async () => {
    const write = fixture.cell.inTenant(TENANT, (tx) =>
      tx.query(`insert into cell.people (tenant_id) values ('other')`),
    );
    await expect(write).rejects.toMatchObject({ code: '42501' });
  });

  it('the cell can read nothing of the core', async () => {
    const found = await admin.query<{ name: string }>(
      `select format('core.%I', tablename) as name from pg_tables where schemaname = 'core'`,
    );
    expect(found.length).toBeGreaterThan(5);
    for (const { name } of found) {
      await expect(fixture.cell.query(`select 1 from ${name}`), name).rejects.toMatchObject({
        code: '42501',
      });
    }
    const introspect = fixture.cell.query(`select core.introspect_access_tokens('acme', '', '{}', '{}')`);
    await expect(introspect).rejects.toMatchObject({ code: '42501' });
  });

  it('the core can read nothing of the cell, and call nothing there', async () => {
    const found = await admin.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('cell', 'cell_keys')`,
    );
    expect(found.length).toBeGreaterThan(5);
    for (const { name } of found) {
      await expect(fixture.core.query(`select 1 from ${name}`), name).rejects.toMatchObject({
        code: '42501',
      });
    }
    await expect(
      fixture.core.query('select cell.own_attributes($1, $2)', ['acme', person]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('the cell can neither change nor delete keys and audit entries', async () => {
    for (const statement of [
      'update cell.keys set version = 9',
      'delete from cell.keys',
      'update cell.audit_entries set action = $$x$$',
      'delete from cell.audit_entries',
      'delete from cell.audit_pending',
    ]) {
      await expect(
        fixture.cell.inTenant(TENANT, (tx) => tx.query(statement)),
        statement,
      ).rejects.toMatchObject({ code: '42501' });
    }
  });
});
