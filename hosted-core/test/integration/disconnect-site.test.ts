import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetDisconnected } from '../../src/core/grants/disconnect-site.ts';
import { confirmByResponse } from '../../src/core/webhooks/confirm-purge.ts';
import { randomBase32 } from '../../src/ids/random-ids.ts';
import { startCore } from '../support/running-core.ts';
import { ScriptedCell } from '../support/scripted-cell.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const TENANT = 'default';
let database: TestDatabase;
let core: Awaited<ReturnType<typeof startCore>>;
const subjectId = randomUUID();
const key = { tenantId: TENANT, subjectId };
let erasedRef: string | undefined;
const requestId = `dis_${randomBase32(26)}`;

beforeAll(async () => {
  database = await createTestDatabase();
  core = await startCore({ coreUrl: database.coreUrl, cell: new ScriptedCell() });
  for (const siteId of ['shop-a', 'shop-b'])
    await core.registerSite({ siteId, redirectUris: ['http://localhost:9/callback'] });
  await core.foundation.subjects.ensure(subjectId, 'test');
  for (const siteId of ['shop-a', 'shop-b']) await core.foundation.subjects.connect(siteId, subjectId);
});
afterAll(async () => {
  await core.close();
  await database.drop();
});

function events() {
  return database.admin.query<{ site_id: string; type: string; user_ref: string; body: Buffer }>(
    'select site_id, type, user_ref, body from core.webhook_events order by type',
  );
}

describe('Disconnecting one site', () => {
  it('deletes the pseudonym there, tells that site alone, and leaves the others', async () => {
    const { gateway } = core.foundation;
    erasedRef = await gateway.userRefAt({ ...key, siteId: 'shop-a' });
    expect(erasedRef).toMatch(/^ppid_/);
    await gateway.disconnectSite({ ...key, siteId: 'shop-a', requestId, requestedAt: new Date() });
    expect(await gateway.userRefAt({ ...key, siteId: 'shop-a' })).toBeUndefined();
    expect((await gateway.listConnectedSites(key)).map(({ siteId }) => siteId)).toEqual(['shop-b']);
    const told = await events();
    expect(told).toMatchObject([{ site_id: 'shop-a', type: 'subject.erased', user_ref: erasedRef }]);
    const { data } = JSON.parse(told[0]?.body.toString() ?? '{}') as { data: { request_id: string } };
    expect(data.request_id).toMatch(/^era_[a-z2-7]{26}$/);
    expect(told[0]?.body.toString()).not.toContain(requestId);
  });

  it('happens once, however often it is told', async () => {
    const again = { ...key, siteId: 'shop-a', requestId, requestedAt: new Date() };
    await Promise.all([1, 2, 3].map(() => core.foundation.gateway.disconnectSite(again)));
    expect(await events()).toHaveLength(1);
  });

  it('says what became of telling the site, and forgets the user_ref a week later', async () => {
    const query = { tenantId: TENANT, requestIds: [requestId, 'dis_unknown'] };
    const states = await core.foundation.gateway.disconnectedSites(query);
    expect(states).toMatchObject([{ requestId, siteId: 'shop-a', state: 'no_endpoint' }]);
    const week = new Date(Date.now() + 8 * 86_400_000);
    await forgetDisconnected(core.foundation.database, TENANT, week);
    expect(await events()).toEqual([]);
    expect(await core.foundation.gateway.disconnectedSites(query)).toMatchObject([{ state: 'no_endpoint' }]);
  });

  it('gives who signs in there again another pseudonym', async () => {
    const fresh = await core.foundation.subjects.connect('shop-a', subjectId);
    expect(fresh).toMatch(/^ppid_/);
    expect(fresh).not.toBe(erasedRef);
  });

  it('says whether the site has erased: awaited, overdue, confirmed; and keeps that when the user_ref is forgotten', async () => {
    const { gateway, database: ours } = core.foundation;
    const again = `dis_${randomBase32(26)}`;
    await core.foundation.subjects.connect('shop-b', subjectId);
    await gateway.disconnectSite({ ...key, siteId: 'shop-b', requestId: again, requestedAt: new Date() });
    const [event] = await database.admin.query<{ event_id: string }>(
      `select event_id from core.webhook_events where site_id = 'shop-b' and type = 'subject.erased'`,
    );
    const eventId = event?.event_id ?? '';
    const state = async () =>
      (await gateway.disconnectedSites({ tenantId: TENANT, requestIds: [again] }))[0]?.state;
    // The site has asked for it by itself.
    await database.admin.query('update core.webhook_events set position = 1 where event_id = $1', [eventId]);
    expect(await state()).toBe('delivered');
    await database.admin.query(
      `update core.webhook_events set confirmation_due_at = now() - interval '1 second' where event_id = $1`,
      [eventId],
    );
    expect(await state()).toBe('overdue');
    await ours.inTenant(TENANT, (tx) => confirmByResponse(tx, TENANT, { siteId: 'shop-b', eventId }));
    expect(await state()).toBe('confirmed');
    await forgetDisconnected(ours, TENANT, new Date(Date.now() + 8 * 86_400_000));
    expect(await events()).toEqual([]);
    expect(await state()).toBe('confirmed');
  });
});
