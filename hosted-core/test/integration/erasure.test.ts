import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReleaseAttributes } from '../../src/cell/attributes/release-attributes.ts';
import { CELL_PARTICIPANTS } from '../../src/cell/erasure/cell-participants.ts';
import { holdForErasure } from '../../src/cell/erasure/erasures-repository.ts';
import { CORE_PARTICIPANTS } from '../../src/core/erasure/core-participants.ts';
import { FORGET_AFTER_MS, forgetErased } from '../../src/core/erasure/erasure-tasks.ts';
import { eraseWith, exportWith } from '../../src/erasure/erasure-participant.ts';
import { AUDIENCE, type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { addFullPerson, EMAIL, type FullPerson, placesOf } from '../support/erasable-person.ts';
import { erasureOn } from '../support/erasure-fixture.ts';

let fixture: CellFixture;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());

/** Everything by which a row could be told to be about this person. */
async function traces(person: FullPerson): Promise<string[]> {
  const refs = await fixture.admin.query<{ audit_ref: string }>(
    `select audit_ref from cell.people where subject_id = $1 union select audit_ref from core.subjects where subject_id = $1`,
    [person.subjectId],
  );
  return [person.subjectId, ...refs.map((one) => one.audit_ref), person.consentId];
}

const erasedEvents = (userRef: string) =>
  fixture.admin.query<{ event_id: string; body: string }>(
    `select event_id, convert_from(body, 'UTF8') as body from core.webhook_events
     where user_ref = $1 and type = 'subject.erased'`,
    [userRef],
  );

describe('erasing a person', () => {
  it('begins with something in every table that takes part', async () => {
    const person = await addFullPerson(fixture);
    const key = { tenantId: TENANT, subjectId: person.subjectId };
    const inCell = await fixture.cell.inTenant(TENANT, (tx) => exportWith(CELL_PARTICIPANTS, tx, key));
    const userRefs = Object.values(person.userRefs);
    const atCore = await fixture.core.inTenant(TENANT, (tx) =>
      exportWith(CORE_PARTICIPANTS, tx, { ...key, userRefs }),
    );
    const tables = [...CELL_PARTICIPANTS, ...CORE_PARTICIPANTS].flatMap((one) => one.tables);
    const held = Object.entries({ ...inCell, ...atCore }).filter(([, rows]) => rows.length > 0);
    expect(held.map(([table]) => table).sort()).toEqual([...tables].sort());
  });

  it('leaves no row, no id and no pseudonym but the one that the sites are told by', async () => {
    const person = await addFullPerson(fixture);
    const before = await traces(person);
    expect((await placesOf(fixture.admin, [person.subjectId])).length).toBeGreaterThan(8);
    const { erase } = erasureOn(fixture);
    await erase(person.subjectId, 'request-leaves');
    expect(await placesOf(fixture.admin, before)).toEqual([]);
    const places = await placesOf(fixture.admin, Object.values(person.userRefs));
    expect(new Set(places.map((place) => place.split(':')[0]))).toEqual(
      new Set(['core.webhook_events', 'core.webhook_deliveries']),
    );
  });

  it('keeps audit entries that name the person by a reference which leads nowhere', async () => {
    const person = await addFullPerson(fixture);
    const [before] = await fixture.admin.query<{ audit_ref: string }>(
      'select audit_ref from cell.people where subject_id = $1',
      [person.subjectId],
    );
    await fixture.cell.query('select cell.append_audit($1)', [
      JSON.stringify([{ tenant_id: TENANT, action: 'own_attributes.read', subject_ref: before?.audit_ref }]),
    ]);
    await erasureOn(fixture).erase(person.subjectId, 'request-audit');
    const tables = new Set(
      (await placesOf(fixture.admin, [before?.audit_ref ?? '?'])).map((place) => place.split(':')[0]),
    );
    expect(tables.size).toBeGreaterThan(0);
    for (const table of tables) expect(table).toMatch(/^cell\.audit/);
  });

  it('tells each site that ever saw the person once, by an id of its own', async () => {
    const person = await addFullPerson(fixture);
    const receipt = await erasureOn(fixture).erase(person.subjectId, 'request-sites');
    const ids: string[] = [];
    for (const userRef of Object.values(person.userRefs)) {
      const events = await erasedEvents(userRef);
      expect(events).toHaveLength(1);
      const { data } = JSON.parse(events[0]?.body ?? '{}') as {
        data: { user_ref: string; request_id: string };
      };
      expect(data.user_ref).toBe(userRef);
      ids.push(data.request_id);
    }
    expect(new Set([...ids, 'request-sites']).size).toBe(3);
    expect(receipt.sites).toMatchObject([
      { siteId: 'shop-a', state: 'pending' },
      { siteId: 'shop-b', state: 'no_endpoint' },
    ]);
  });

  it('gives a receipt with the date of now and the date of the last backup that opens', async () => {
    const person = await addFullPerson(fixture);
    const began = Date.now();
    const receipt = await erasureOn(fixture).erase(person.subjectId, 'request-dates');
    expect(receipt.erasedAt.getTime()).toBeGreaterThanOrEqual(began);
    expect(receipt.backupsUntil.getTime() - receipt.erasedAt.getTime()).toBe(7 * 86_400_000);
    expect(receipt).toMatchObject({ requestId: 'request-dates', state: 'erased', upstream: 'Nothing.' });
  });

  it('refuses unknown people and a request id that was used for somebody else', async () => {
    const [first, second] = [await addFullPerson(fixture), await addFullPerson(fixture)];
    const { erase, receipt } = erasureOn(fixture);
    await expect(erase(crypto.randomUUID(), 'request-nobody')).rejects.toMatchObject({ code: 'not_found' });
    await expect(receipt('request-nobody')).rejects.toMatchObject({ code: 'not_found' });
    await erase(first.subjectId, 'request-taken');
    await expect(erase(second.subjectId, 'request-taken')).rejects.toMatchObject({ code: 'conflict' });
    await expect(erase(second.subjectId, 'short')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('undoes everything when a participant leaves a row', async () => {
    const { subjectId } = await addFullPerson(fixture);
    const key = { tenantId: TENANT, subjectId };
    const lazy = CELL_PARTICIPANTS.map((one) =>
      one.tables.includes('cell.interactions') ? { ...one, eraseSubject: async () => {} } : one,
    );
    const attempt = fixture.cell.inTenant(TENANT, async (tx) => {
      await holdForErasure(tx, key);
      await eraseWith(lazy, tx, key);
    });
    await expect(attempt).rejects.toThrow('Erasure left rows in cell.interactions');
    const rows = await fixture.admin.query('select 1 from cell.users_pii where subject_id = $1', [subjectId]);
    expect(rows).toHaveLength(3);
  });
});

describe('a second process with everything in its cache', () => {
  it('opens nothing after the erasure, by page or by token', async () => {
    const person = await addFullPerson(fixture);
    const { subjectId, accessToken } = person;
    const elsewhere = fixture.coldVault();
    const release = new ReleaseAttributes({
      ...{ database: fixture.cell, audit: fixture.audit, audience: AUDIENCE, issuer: 'http://core.test' },
      vault: elsewhere,
    });
    const read = () =>
      release.release({
        ...{ tenantId: TENANT, accessToken, names: ['contact:email'], purpose: 'order_delivery' },
      });
    expect((await elsewhere.openOwn(TENANT, subjectId)).length).toBe(3);
    expect(JSON.stringify(await read())).toContain(EMAIL);
    await erasureOn(fixture).erase(subjectId, 'request-cache');
    await expect(elsewhere.openOwn(TENANT, subjectId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(read()).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('opens nothing when the values come back without their keys, its cache still warm', async () => {
    const { subjectId } = await addFullPerson(fixture);
    const elsewhere = fixture.coldVault();
    await elsewhere.openOwn(TENANT, subjectId);
    const rows = (table: string) =>
      fixture.admin.query<{ row: object }>(
        `select to_jsonb(t) as row from ${table} t where subject_id = $1`,
        [subjectId],
      );
    const [people, values] = [await rows('cell.people'), await rows('cell.users_pii')];
    await erasureOn(fixture).erase(subjectId, 'request-values');
    for (const [table, back] of [
      ['cell.people', people],
      ['cell.users_pii', values],
    ] as const)
      for (const { row } of back)
        await fixture.admin.query(
          `insert into ${table} select * from jsonb_populate_record(null::${table}, $1)`,
          [row],
        );
    await expect(elsewhere.openOwn(TENANT, subjectId)).rejects.toMatchObject({ code: 'integrity_error' });
    await fixture.admin.query('delete from cell.users_pii where subject_id = $1', [subjectId]);
    await fixture.admin.query('delete from cell.people where subject_id = $1', [subjectId]);
  });
});

describe('the history of consents', () => {
  it('cannot be deleted by the cell for a person who is not being erased', async () => {
    const { subjectId } = await addFullPerson(fixture);
    const attempt = fixture.cell.query('select cell.forget_consents($1, $2)', [TENANT, subjectId]);
    await expect(attempt).rejects.toMatchObject({ code: '42501' });
    const direct = fixture.cell.inTenant(TENANT, (tx) => tx.query('delete from cell.consents'));
    await expect(direct).rejects.toMatchObject({ code: '42501' });
  });
});

describe('asking twice', () => {
  it('gives the same receipt for the same and for another request id, and one audit entry a half', async () => {
    const { subjectId } = await addFullPerson(fixture);
    const { erase } = erasureOn(fixture);
    const first = await erase(subjectId, 'request-twice');
    expect(await erase(subjectId, 'request-twice')).toEqual(first);
    expect(await erase(subjectId, 'request-again')).toEqual(first);
    expect(await auditEntries('request-twice')).toEqual(['person.erased', 'subject.erased']);
  });

  it('at once from twenty sides erases once', async () => {
    const person = await addFullPerson(fixture);
    const { erase } = erasureOn(fixture);
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        erase(person.subjectId, index % 2 ? 'request-odd-' : `request-${index}`),
      ),
    );
    expect(new Set(receipts.map((one) => `${one.requestId} ${one.erasedAt.toISOString()}`)).size).toBe(1);
    expect(await auditEntries(receipts[0]?.requestId ?? '')).toEqual(['person.erased', 'subject.erased']);
    for (const userRef of Object.values(person.userRefs)) expect(await erasedEvents(userRef)).toHaveLength(1);
  });

  it('is told to the core as often as it may be, and done there once', async () => {
    const person = await addFullPerson(fixture);
    const { core } = erasureOn(fixture);
    const notice = {
      ...{ tenantId: TENANT, subjectId: person.subjectId, requestId: 'request-core' },
      ...{ erasedAt: new Date(), backupsUntil: new Date() },
    };
    await Promise.all(Array.from({ length: 10 }, () => core.subjectErased(notice)));
    for (const userRef of Object.values(person.userRefs)) expect(await erasedEvents(userRef)).toHaveLength(1);
  });
});

describe('webhooks of erased people', () => {
  it('are forgotten a week after they came to an end, and the state stays', async () => {
    const person = await addFullPerson(fixture);
    const { erase, receipt, atCore } = erasureOn(fixture);
    await erase(person.subjectId, 'request-forget');
    const at = (ms: number) =>
      forgetErased({ database: fixture.core, tombstones: atCore, now: () => new Date(Date.now() + ms) });
    await at(FORGET_AFTER_MS + 60_000);
    expect(await erasedEvents(person.userRefs['shop-a'])).toHaveLength(1);
    await fixture.admin.query(
      `update core.webhook_deliveries set state = 'delivered', finished_at = now() where user_ref = $1`,
      [person.userRefs['shop-a']],
    );
    await at(FORGET_AFTER_MS - 60_000);
    expect(await erasedEvents(person.userRefs['shop-a'])).toHaveLength(1);
    await at(FORGET_AFTER_MS + 60_000);
    expect(await placesOf(fixture.admin, Object.values(person.userRefs))).toEqual([]);
    expect((await receipt('request-forget')).sites).toMatchObject([
      { siteId: 'shop-a', state: 'delivered' },
      { siteId: 'shop-b', state: 'no_endpoint' },
    ]);
  });
});

async function auditEntries(requestId: string): Promise<string[]> {
  const rows = await fixture.admin.query<{ action: string }>(
    `select action from cell.audit_events where data::text like '%' || $1 || '%'
     union all select action from core.audit_events where data::text like '%' || $1 || '%' order by 1`,
    [`"${requestId}"`],
  );
  return rows.map((row) => row.action);
}
