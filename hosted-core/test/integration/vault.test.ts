import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPerson, type CellFixture, createCellFixture, store, TENANT } from '../support/cell-fixture.ts';

let fixture: CellFixture;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());

const address = { street_address: 'Sample Street 1', locality: 'Tartu', country: 'EE' };
const refused = {
  code: 'integrity_error',
  message: 'integrity_error: Stored data failed its integrity check',
};

/** Opens with nothing cached, as after a restart. */
const openCold = (subjectId: string, tenantId = TENANT) => fixture.coldVault().openOwn(tenantId, subjectId);

async function personWith(values: Record<string, unknown>): Promise<string> {
  const subjectId = await addPerson(fixture.admin);
  await store(fixture, subjectId, values);
  return subjectId;
}

describe('the vault', () => {
  it('gives people back what was stored, sorted by name, after a restart too', async () => {
    const person = await personWith({
      'contact:email': 'sample-amber@example.com',
      'address:shipping': address,
    });
    const expected = [
      { attribute: 'address:shipping', value: address, source: 'upstream' },
      { attribute: 'contact:email', value: 'sample-amber@example.com', source: 'upstream' },
    ];
    expect(await fixture.vault.openOwn(TENANT, person)).toEqual(expected);
    expect(await openCold(person)).toEqual(expected);
  });

  it('replaces a value and counts the writes', async () => {
    const person = await personWith({ 'contact:phone': '+3725555551' });
    await store(fixture, person, { 'contact:phone': '+3725555552' });
    expect(await openCold(person)).toMatchObject([{ value: '+3725555552' }]);
    const rows = await fixture.admin.query('select row_rev from cell.users_pii where subject_id = $1', [
      person,
    ]);
    expect(rows).toEqual([{ row_rev: 2 }]);
    const uses = await fixture.admin.query(
      'select encryptions from cell_keys.subject_keys where subject_id = $1',
      [person],
    );
    expect(uses).toEqual([{ encryptions: '2' }]);
  });

  it('holds no plain value in any table', async () => {
    const canary = `canary${randomBytes(8).toString('hex')}`;
    const person = await personWith({ 'profile:name': canary });
    const dump = await fixture.admin.query<{ text: string }>(
      `select v::text || encode(value_enc, 'escape') as text from cell.users_pii v where subject_id = $1`,
      [person],
    );
    expect(dump[0]?.text).toContain('profile:name');
    expect(dump[0]?.text).not.toContain(canary);
  });

  it('takes twenty writes of one person at the same time, the first of all included', async () => {
    const person = await addPerson(fixture.admin);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => store(fixture, person, { 'profile:name': `Sample ${index}` })),
    );
    expect(await openCold(person)).toHaveLength(1);
    const keys = await fixture.admin.query('select 1 from cell_keys.subject_keys where subject_id = $1', [
      person,
    ]);
    expect(keys).toHaveLength(1);
  });

  it('keeps neither value nor key of a transaction that is undone', async () => {
    const person = await addPerson(fixture.admin);
    const values = [{ attribute: 'profile:name', value: 'Sample', source: 'upstream' }];
    const undone = fixture.cell.inTenant(TENANT, async (tx) => {
      await fixture.vault.storeAttributes(tx, { tenantId: TENANT, subjectId: person, values });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await fixture.vault.openOwn(TENANT, person)).toEqual([]);
    await store(fixture, person, { 'profile:name': 'Sample again' });
    expect(await openCold(person)).toMatchObject([{ value: 'Sample again' }]);
  });

  it.each([
    ['unknown_attribute', { 'profile:shoe_size': 44 }],
    ['invalid_request', { 'contact:email': 'canary-no-address' }],
    ['invalid_request', { 'age:over_18': true }],
  ])('refuses with %s and stores nothing of the request', async (code, wrong) => {
    const person = await addPerson(fixture.admin);
    const error = await store(fixture, person, { 'profile:name': 'Sample', ...wrong }).catch(
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('canary');
    expect(await fixture.vault.openOwn(TENANT, person)).toEqual([]);
  });

  it('stores nothing for somebody unknown or erased', async () => {
    const erased = await addPerson(fixture.admin);
    await fixture.admin.query(`update cell.people set status = 'erased' where subject_id = $1`, [erased]);
    for (const nobody of [erased, randomUUID()]) {
      await expect(store(fixture, nobody, { 'profile:name': 'Sample' })).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(fixture.vault.openOwn(TENANT, nobody)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('stops using a cached key at once when its row is deleted, in another process too', async () => {
    const person = await personWith({ 'profile:name': 'Sample' });
    const elsewhere = fixture.coldVault();
    await elsewhere.openOwn(TENANT, person);
    await fixture.vault.openOwn(TENANT, person);
    await fixture.admin.query('delete from cell_keys.subject_keys where subject_id = $1', [person]);
    await expect(elsewhere.openOwn(TENANT, person)).rejects.toMatchObject(refused);
    await expect(fixture.vault.openOwn(TENANT, person)).rejects.toMatchObject(refused);
  });

  it('unwraps again once the epoch of the person is raised', async () => {
    const person = await personWith({ 'profile:name': 'Sample' });
    await fixture.vault.openOwn(TENANT, person);
    await fixture.admin.query('update cell_keys.subject_keys set wrapped_dek = $2 where subject_id = $1', [
      person,
      randomBytes(61),
    ]);
    expect(await fixture.vault.openOwn(TENANT, person)).toHaveLength(1);
    await fixture.admin.query('update cell.people set epoch = epoch + 1 where subject_id = $1', [person]);
    await expect(fixture.vault.openOwn(TENANT, person)).rejects.toMatchObject(refused);
  });
});

describe('ciphertexts and keys in a wrong place do not open', () => {
  const move = (sql: string, values: unknown[]) => fixture.admin.query(sql, values);

  it('when two people have swapped a value', async () => {
    const [amber, birch] = [
      await personWith({ 'profile:name': 'A' }),
      await personWith({ 'profile:name': 'B' }),
    ];
    await move(
      `update cell.users_pii a set value_enc = b.value_enc from cell.users_pii b
       where a.subject_id in ($1, $2) and b.subject_id in ($1, $2) and a.subject_id <> b.subject_id`,
      [amber, birch],
    );
    await expect(openCold(amber)).rejects.toMatchObject(refused);
    await expect(openCold(birch)).rejects.toMatchObject(refused);
  });

  it('when two people have swapped a value together with their keys', async () => {
    const [amber, birch] = [
      await personWith({ 'profile:name': 'A' }),
      await personWith({ 'profile:name': 'B' }),
    ];
    for (const table of ['cell.users_pii', 'cell_keys.subject_keys']) {
      const columns = table === 'cell.users_pii' ? 'value_enc' : 'key_id, wrapped_dek';
      const fromOther = columns
        .split(', ')
        .map((name) => `${name} = b.${name}`)
        .join(', ');
      await move(
        `update ${table} a set ${fromOther} from ${table} b
         where a.subject_id in ($1, $2) and b.subject_id in ($1, $2) and a.subject_id <> b.subject_id`,
        [amber, birch],
      );
    }
    await expect(openCold(amber)).rejects.toMatchObject(refused);
    // Not with warm caches either, where the other's key is at hand.
    await expect(fixture.vault.openOwn(TENANT, amber)).rejects.toMatchObject(refused);
  });

  it('when two attributes of one person and class have swapped theirs', async () => {
    const person = await personWith({ 'profile:given_name': 'A', 'profile:family_name': 'B' });
    await move(
      `update cell.users_pii a set value_enc = b.value_enc from cell.users_pii b
       where a.subject_id = $1 and b.subject_id = $1 and a.attribute <> b.attribute`,
      [person],
    );
    await expect(openCold(person)).rejects.toMatchObject(refused);
  });

  it('when the row was copied to another tenant with its ids rewritten', async () => {
    const person = await personWith({ 'profile:name': 'A' });
    await store(fixture, await addPerson(fixture.admin, 'other'), { 'profile:name': 'B' }, 'other');
    await move(`insert into cell.people (tenant_id, subject_id) values ('other', $1)`, [person]);
    for (const table of ['cell.users_pii', 'cell_keys.subject_keys']) {
      await move(
        `insert into ${table} select (jsonb_populate_record(null::${table}, to_jsonb(t) || '{"tenant_id": "other"}')).*
         from ${table} t where subject_id = $1`,
        [person],
      );
    }
    await expect(openCold(person, 'other')).rejects.toMatchObject(refused);
    expect(await openCold(person)).toHaveLength(1);
  });

  it('when a key-encryption key was copied to another tenant', async () => {
    const person = await addPerson(fixture.admin, 'other');
    await store(fixture, person, { 'contact:phone': '+3725555555' }, 'other');
    await personWith({ 'contact:phone': '+3725555555' });
    const { admin } = fixture;
    const own = await admin.query<{ wrapped_key: Buffer }>(
      `select wrapped_key from cell.keys where tenant_id = 'other' and class = 'contact'`,
    );
    await move(
      `update cell.keys k set wrapped_key = a.wrapped_key from cell.keys a
       where k.tenant_id = 'other' and k.class = 'contact' and a.tenant_id = $1 and a.class = 'contact'`,
      [TENANT],
    );
    await expect(openCold(person, 'other')).rejects.toMatchObject(refused);
    await move(`update cell.keys set wrapped_key = $1 where tenant_id = 'other' and class = 'contact'`, [
      own[0]?.wrapped_key,
    ]);
    expect(await openCold(person, 'other')).toHaveLength(1);
  });

  it('in a cell of another region', async () => {
    const person = await personWith({ 'profile:name': 'A' });
    await expect(fixture.coldVault('us').openOwn(TENANT, person)).rejects.toMatchObject(refused);
  });

  it('when an older ciphertext of the same attribute is put back', async () => {
    const person = await personWith({ 'profile:name': 'A' });
    const old = await fixture.admin.query<{ value_enc: Buffer }>(
      'select value_enc from cell.users_pii where subject_id = $1',
      [person],
    );
    await store(fixture, person, { 'profile:name': 'B' });
    await move('update cell.users_pii set value_enc = $2 where subject_id = $1', [person, old[0]?.value_enc]);
    await expect(openCold(person)).rejects.toMatchObject(refused);
  });
});
