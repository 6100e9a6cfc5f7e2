import * as client from 'openid-client';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { newUserRef } from '../../src/ids/random-ids.ts';
import { basic, startRevocationBench } from '../support/revocation-bench.ts';
import { TENANT } from '../support/running-core.ts';
import { until } from '../support/until.ts';

const bench = await startRevocationBench();
const { cell, core, database, eventsOf, isAlive, isRevokedInList, login, newBrowser, revoke, shopA, shopB } =
  bench;

beforeEach(() => bench.renew());
afterAll(() => bench.close());

describe('a site that revokes its own access to a user', () => {
  it('has no token, no live passport, and the consents in the cell are ended, when it is answered', async () => {
    const { tokens, passport, userRef } = await login(shopA);
    expect(await isAlive(shopA, tokens.access_token)).toBe(true);
    expect(await isRevokedInList(passport)).toBe(false);
    expect((await revoke(shopA, userRef)).status).toBe(204);
    expect(await isAlive(shopA, tokens.access_token)).toBe(false);
    expect(cell.revoked).toMatchObject([{ siteId: 'shop-a', by: 'site' }]);
    await until(() => isRevokedInList(passport));
    expect((await eventsOf(userRef)).at(-1)).toMatchObject({
      type: 'access.revoked',
      data: { user_ref: userRef, reason: 'revoked_by_site' },
    });
  });

  it('leaves the person’s other sites as they are', async () => {
    const a = await login(shopA);
    const b = await login(shopB);
    await revoke(shopA, a.userRef);
    expect(await isAlive(shopB, b.tokens.access_token)).toBe(true);
    await until(() => isRevokedInList(a.passport));
    expect(await isRevokedInList(b.passport)).toBe(false);
  });

  it('may use a token of its own instead of its secret', async () => {
    const { tokens, userRef } = await login(shopA);
    const own = await client.clientCredentialsGrant(shopA.config);
    const headers = { authorization: `Bearer ${own.access_token}` };
    expect((await revoke(shopB, userRef, headers)).status).toBe(204);
    expect(await isAlive(shopA, tokens.access_token)).toBe(false);
  });

  it('learns nothing of users that are unknown or another site’s: one 404, and nothing ends', async () => {
    const { tokens, userRef } = await login(shopA);
    const answers = [];
    for (const ref of [userRef, newUserRef(), 'nobody', '..%2f..']) {
      const response = await revoke(shopB, ref);
      const { request_id: _, ...problem } = (await response.json()) as Record<string, unknown>;
      answers.push({ status: response.status, problem });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.status).toBe(404);
    expect(await isAlive(shopA, tokens.access_token)).toBe(true);
  });

  it('must be that site', async () => {
    const { tokens, userRef } = await login(shopA);
    const wrong = { siteId: 'shop-a', secret: shopB.secret, config: shopA.config };
    const forCell = await client.clientCredentialsGrant(shopA.config, { resource: cell.resource });
    const tries: Record<string, string>[] = [
      {},
      basic(wrong),
      { authorization: 'Basic ====' },
      { authorization: `Bearer ${tokens.access_token}` },
      { authorization: `Bearer ${forCell.access_token}` },
    ];
    for (const headers of tries) {
      const response = await revoke(shopA, userRef, headers);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        'Basic realm="userref", Bearer',
      ]);
    }
    expect(await isAlive(shopA, tokens.access_token)).toBe(true);
    const get = await fetch(`${core.url}/v1/users/${userRef}/revoke`, { headers: basic(shopA) });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('the operator', () => {
  it('counts first, then ends one user, one site, or all', async () => {
    const a = await login(shopA);
    const b = await login(shopB);
    const { revocation } = core.half;
    const counts = await revocation.preview({ tenantId: TENANT, userRef: a.userRef });
    expect(counts).toMatchObject({ users: 1 });
    expect(counts.tokens).toBeGreaterThan(1);
    expect(counts.passports).toBeGreaterThan(0);
    expect(await isAlive(shopA, a.tokens.access_token)).toBe(true);
    await revocation.revokeUser({ tenantId: TENANT, userRef: a.userRef, by: 'operator', note: 'a test' });
    expect(await isAlive(shopA, a.tokens.access_token)).toBe(false);
    expect(await isAlive(shopB, b.tokens.access_token)).toBe(true);
    await revocation.revokeSite({ tenantId: TENANT, siteId: 'shop-b', by: 'operator' });
    expect(await isAlive(shopB, b.tokens.access_token)).toBe(false);
    expect(await revocation.preview({ tenantId: TENANT, siteId: 'shop-b' })).toMatchObject({ passports: 0 });
    newBrowser();
    const again = await login(shopA);
    await revocation.revokeAll({ tenantId: TENANT, by: 'operator' });
    expect(await isAlive(shopA, again.tokens.access_token)).toBe(false);
    const [entry] = await database.admin.query<{ data: object }>(
      `select data from core.audit_events where action = 'access.revoked' and data ? 'note'`,
    );
    expect(entry?.data).toEqual({ by: 'operator', note: 'a test' });
  });

  it('is told of names that do not exist', async () => {
    const { revocation } = core.half;
    for (const work of [
      () => revocation.revokeUser({ tenantId: TENANT, userRef: newUserRef(), by: 'operator' }),
      () => revocation.revokeSite({ tenantId: TENANT, siteId: 'shop-z', by: 'operator' }),
      () => revocation.endSessionBySid({ tenantId: TENANT, sid: 'nobody' }),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a session', () => {
  it('is listed for its person, and ends with its tokens and passports at every site of it', async () => {
    await database.admin.query(`delete from core.oidc_artifacts where kind = 'Session'`);
    const a = await login(shopA);
    const b = await login(shopB);
    const { gateway } = core.foundation;
    const [row] = await database.admin.query<{ subject_id: string }>(
      'select subject_id from core.pairwise_links where user_ref = $1',
      [a.userRef],
    );
    const person = { tenantId: TENANT, subjectId: row?.subject_id ?? '' };
    const [session, ...more] = await gateway.listSessions(person);
    expect(more).toEqual([]);
    expect(session?.sites.map((site) => site.siteId)).toEqual(['shop-a', 'shop-b']);
    const stranger = { ...person, subjectId: '00000000-0000-4000-8000-000000000000' };
    expect(await gateway.listSessions(stranger)).toEqual([]);
    const sessionId = session?.sessionId ?? '';
    await expect(gateway.endSession({ ...stranger, sessionId })).rejects.toMatchObject({ code: 'not_found' });
    await gateway.endSession({ ...person, sessionId });
    expect(await isAlive(shopA, a.tokens.access_token)).toBe(false);
    expect(await isAlive(shopB, b.tokens.access_token)).toBe(false);
    await until(() => isRevokedInList(a.passport));
    await until(() => isRevokedInList(b.passport));
    expect((await eventsOf(a.userRef)).at(-1)?.data).toMatchObject({
      sid: a.passport.sid,
      reason: 'signed_out',
    });
    await expect(gateway.endSession({ ...person, sessionId })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('can be ended by the sid that a site knows', async () => {
    const { tokens, passport, userRef } = await login(shopA);
    await core.half.revocation.endSessionBySid({ tenantId: TENANT, sid: passport.sid });
    expect(await isAlive(shopA, tokens.access_token)).toBe(false);
    expect((await eventsOf(userRef)).at(-1)?.data).toMatchObject({ reason: 'revoked_by_operator' });
  });
});
