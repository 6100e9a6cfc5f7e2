import { decodeJwt } from 'jose';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { DECOYS, hasBit, LIST_SIZE, LIST_TTL_SECONDS } from '../../src/core/status-list/status-list.ts';
import { StatusListRepository } from '../../src/core/status-list/status-list-repository.ts';
import { statusParticipant } from '../../src/core/status-list/status-participant-repository.ts';
import { startRevocationBench } from '../support/revocation-bench.ts';
import { TENANT } from '../support/running-core.ts';
import { until } from '../support/until.ts';

const bench = await startRevocationBench();
const { core, database, isRevokedInList, login, newBrowser, shopA, shopB } = bench;

beforeEach(() => bench.renew());
afterAll(() => bench.close());

describe('status lists', () => {
  it('belong to one site, with random places, and say how long they may be used', async () => {
    const places: number[] = [];
    const uris = new Set<string>();
    for (let n = 0; n < 6; n += 1) {
      newBrowser();
      const { passport } = await login(shopA);
      places.push(passport.status.status_list.idx);
      uris.add(passport.status.status_list.uri);
    }
    const other = (await login(shopB)).passport.status.status_list.uri;
    expect(uris.size).toBe(1);
    expect(uris.has(other)).toBe(false);
    expect(new Set(places).size).toBe(6);
    expect(Math.max(...places) - Math.min(...places)).toBeGreaterThan(1_000);
    const response = await fetch([...uris][0] ?? '');
    expect(response.headers.get('content-type')).toBe('application/statuslist+jwt');
    expect(response.headers.get('cache-control')).toBe('public, max-age=60');
    const claims = decodeJwt(await response.text());
    expect(claims.ttl).toBe(LIST_TTL_SECONDS);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(86_400);
  });

  it('hide the revoked among decoys that no passport gets', async () => {
    const { passport } = await login(shopA);
    const { uri, idx } = passport.status.status_list;
    const [list] = await database.admin.query<{ decoys: Buffer }>(
      'select decoys from core.status_lists where list_id = $1',
      [uri.slice(-26)],
    );
    const decoys = list?.decoys ?? Buffer.alloc(0);
    const count = [...Array(LIST_SIZE).keys()].filter((index) => hasBit(decoys, index)).length;
    expect(count).toBe(DECOYS);
    expect(count).toBeGreaterThanOrEqual(10_000);
    expect(hasBit(decoys, idx)).toBe(false);
  });

  it('answer 304 to whoever has the list, and 404 for lists that are none', async () => {
    const { uri } = (await login(shopA)).passport.status.status_list;
    // What other tests revoked a moment ago is published first.
    let etag = '';
    await until(async () => {
      etag = (await fetch(uri)).headers.get('etag') ?? '';
      const waiting = await database.admin.query('select 1 from core.status_changes where list_id = $1', [
        uri.slice(-26),
      ]);
      return waiting.length === 0;
    });
    expect((await fetch(uri, { headers: { 'if-none-match': `W/"x", ${etag}` } })).status).toBe(304);
    expect((await fetch(uri, { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
    for (const list of ['a'.repeat(26), 'x', '..%2fjwks'])
      expect((await fetch(`${core.url}/status/${list}`)).status).toBe(404);
  });

  it('keep the place of an erased passport in quarantine until its bit is published, and for good then', async () => {
    const { passport } = await login(shopA);
    const { uri, idx } = passport.status.status_list;
    const listId = uri.slice(-26);
    await fetch(uri);
    const lists = new StatusListRepository(core.foundation.database, TENANT);
    const [holder] = await database.admin.query<{ subject_id: string }>(
      'select subject_id from core.status_entries where list_id = $1 and idx = $2',
      [listId, idx],
    );
    const wish = {
      ...{ siteId: 'shop-a', subjectId: holder?.subject_id ?? '', sid: 'x', candidates: [idx] },
      expiresAt: new Date(Date.now() + 60_000),
    };
    await database.core.inTenant(TENANT, (tx) =>
      statusParticipant.eraseSubject(tx, { tenantId: TENANT, subjectId: wish.subjectId }),
    );
    const places = await database.admin.query(
      'select 1 from core.status_entries where list_id = $1 and idx = $2',
      [...[listId, idx]],
    );
    expect(places).toEqual([]);
    expect(await lists.allocate(wish)).toBeUndefined();
    await until(() => isRevokedInList(passport));
    expect(await lists.allocate(wish)).toBeUndefined();
  });

  it('give the place of a passport that expired, and was never revoked, to another', async () => {
    const { passport } = await login(shopA);
    const { uri, idx } = passport.status.status_list;
    const lists = new StatusListRepository(core.foundation.database, TENANT);
    const [holder] = await database.admin.query<{ subject_id: string }>(
      'delete from core.status_entries where list_id = $1 and idx = $2 returning subject_id',
      [uri.slice(-26), idx],
    );
    const wish = { siteId: 'shop-a', subjectId: holder?.subject_id ?? '', sid: 'x', candidates: [idx] };
    const place = await lists.allocate({ ...wish, expiresAt: new Date(Date.now() + 60_000) });
    expect(place).toEqual({ listId: uri.slice(-26), index: idx });
    await database.admin.query('delete from core.status_entries where list_id = $1 and idx = $2', [
      uri.slice(-26),
      idx,
    ]);
  });

  it('are filled to three eighths, then another is opened', async () => {
    await database.admin.query('update core.status_lists set used = size * 3 / 8 - 2 where site_id = $1', [
      'shop-a',
    ]);
    const uris = [];
    for (let n = 0; n < 3; n += 1) {
      newBrowser();
      uris.push((await login(shopA)).passport.status.status_list.uri);
    }
    expect(uris[0]).toBe(uris[1]);
    expect(uris[2]).not.toBe(uris[0]);
  });
});
