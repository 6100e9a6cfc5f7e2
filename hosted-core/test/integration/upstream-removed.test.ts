import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakeUser } from '../support/fake-logto/fake-logto.ts';
import { aboutUser } from '../support/fake-logto/fake-logto.ts';
import {
  Browser,
  type LogtoCell,
  nextRound,
  signInThere,
  startReconciledCell,
} from '../support/logto-cell.ts';
import { until } from '../support/until.ts';

let running: LogtoCell;
beforeAll(async () => {
  running = await startReconciledCell();
});
afterAll(() => running.close());

async function known(username: string): Promise<{ user: FakeUser; subjectId: string }> {
  const user = running.logto.state.addUser(username, {
    ...{ name: 'Sample Person', primaryEmail: `${username}@example.test`, primaryPhone: '442079460171' },
    profile: { givenName: 'Sample', birthdate: '1990-01-02' },
    customData: { 'profile:citizenship': 'DE' },
  });
  const subjectId = await signInThere(running, new Browser(), username);
  return { user, subjectId };
}

async function attributes(subjectId: string): Promise<string[]> {
  const rows = await running.database.admin.query<{ attribute: string }>(
    'select attribute from cell.users_pii where subject_id = $1 order by attribute',
    [subjectId],
  );
  return rows.map(({ attribute }) => attribute);
}

async function audited(subjectId: string, action: string): Promise<string[][]> {
  const rows = await running.database.admin.query<{ data: { attributes: string[] } }>(
    `select e.data from cell.audit_events e join cell.people p on p.audit_ref::text = e.subject_ref::text
     where p.subject_id = $1 and e.action = $2 order by e.entry_id`,
    [subjectId, action],
  );
  return rows.map(({ data }) => data.attributes);
}

/** As if the person had agreed at the site. */
async function agree(subjectId: string, siteId: string, ...names: string[]): Promise<void> {
  for (const name of names)
    await running.database.admin.query(
      `insert into cell.consents (tenant_id, consent_id, subject_id, site_id, attribute, purpose_id, purpose_version,
         purpose_text_sha256, locale, state, decided_at, expires_at)
       select 'default', 'con_' || translate(substr(md5(random()::text) || md5(random()::text), 1, 26), '0189', 'abcd'),
         $1, $2, $3, 'order_delivery', 1, sha256('text'), 'en', 'granted', now(), now() + interval '1 day'`,
      [subjectId, siteId, name],
    );
}

const toldAbout = (subjectId: string) =>
  running.core.changed.filter((one) => one.subjectId === subjectId).flatMap(({ sites }) => sites);

describe('A value that is gone at Logto', () => {
  it('goes here as well, with what it was found by, and sites that may read it are told', async () => {
    const { user, subjectId } = await known('forgetting');
    await agree(subjectId, 'shop-a', 'contact:phone', 'age:over_18');
    await agree(subjectId, 'shop-b', 'contact:email');
    user.primaryPhone = null;
    delete user.profile.birthdate;
    user.customData = {};
    await running.logto.sendWebhook('User.Data.Updated', aboutUser(user, '', 'PATCH'));
    await until(async () => (await attributes(subjectId)).length === 3);
    expect(await attributes(subjectId)).toEqual(['contact:email', 'profile:given_name', 'profile:name']);
    const indexes = await running.database.admin.query(
      `select 1 from cell.identifiers where subject_id = $1 and kind = 'phone'`,
      [subjectId],
    );
    expect(indexes).toEqual([]);
    await until(async () => toldAbout(subjectId).length > 0);
    expect(toldAbout(subjectId)).toEqual([
      { siteId: 'shop-a', attributes: ['age:over_18', 'contact:phone'] },
    ]);
    expect(await audited(subjectId, 'profile.removed')).toEqual([
      ['profile:birthdate', 'contact:phone', 'profile:citizenship'],
    ]);
  });

  it('stays when the person wrote it themselves, and that is noted', async () => {
    const { user, subjectId } = await known('writing');
    await running.database.admin.query(
      `update cell.users_pii set source = 'person' where subject_id = $1 and attribute = 'contact:phone'`,
      [subjectId],
    );
    user.primaryPhone = null;
    await running.logto.sendWebhook('User.Data.Updated', aboutUser(user, '', 'PATCH'));
    await until(async () => (await audited(subjectId, 'profile.kept')).length > 0);
    expect(await attributes(subjectId)).toContain('contact:phone');
    expect(await audited(subjectId, 'profile.kept')).toEqual([['contact:phone']]);
    expect(await audited(subjectId, 'profile.removed')).toEqual([]);
    expect(toldAbout(subjectId)).toEqual([]);
  });

  it('is found by a round when its event got lost', async () => {
    const { user, subjectId } = await known('unheard');
    await nextRound(running);
    user.name = null;
    user.updatedAt = Date.now();
    await nextRound(running);
    expect(await attributes(subjectId)).not.toContain('profile:name');
    expect(await audited(subjectId, 'profile.removed')).toEqual([['profile:name']]);
  });

  it('goes at a sign-in where the profile says null, and stays where it only says nothing', async () => {
    const { user, subjectId } = await known('returning');
    user.name = null;
    user.primaryPhone = null;
    await signInThere(running, new Browser(), 'returning');
    expect(await attributes(subjectId)).not.toContain('profile:name');
    expect(await attributes(subjectId)).toContain('contact:phone');
  });
});

describe('A value that changed at Logto', () => {
  it('is told of to the sites that may read it, once, and not for what nobody changed', async () => {
    const { user, subjectId } = await known('renamed');
    await agree(subjectId, 'shop-a', 'profile:name', 'contact:email');
    await nextRound(running);
    expect(toldAbout(subjectId)).toEqual([]);
    user.name = 'Sample Person Renamed';
    await nextRound(running);
    await nextRound(running);
    await until(async () => toldAbout(subjectId).length > 0);
    expect(toldAbout(subjectId)).toEqual([{ siteId: 'shop-a', attributes: ['profile:name'] }]);
  });

  it('and was changed back before anybody looked is as it was', async () => {
    const { user, subjectId } = await known('undecided');
    await nextRound(running);
    user.name = 'Sample Person Renamed';
    await signInThere(running, new Browser(), 'undecided');
    user.name = 'Sample Person';
    await nextRound(running);
    expect(await audited(subjectId, 'profile.refreshed')).toEqual([['profile:name'], ['profile:name']]);
  });

  it('is nobody’s news when only the key of the hashes was rotated', async () => {
    const { subjectId } = await known('rotated');
    await agree(subjectId, 'shop-a', 'profile:name');
    await nextRound(running);
    await running.database.admin.query(
      `update cell.upstream_accounts set profile_hash = '999.x', imported = (
         select jsonb_object_agg(key, '999.x') from jsonb_each(imported)) where subject_id = $1`,
      [subjectId],
    );
    await nextRound(running);
    const [row] = await running.database.admin.query<{ text: string }>(
      'select imported::text || profile_hash as text from cell.upstream_accounts where subject_id = $1',
      [subjectId],
    );
    expect(row?.text).not.toContain('999.');
    expect(await audited(subjectId, 'profile.refreshed')).toEqual([]);
    expect(toldAbout(subjectId)).toEqual([]);
  });
});
