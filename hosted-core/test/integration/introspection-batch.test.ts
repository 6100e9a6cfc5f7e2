import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AUDIENCE,
  addPerson,
  type CellFixture,
  connect,
  createCellFixture,
  issueToken,
  TENANT,
} from '../support/cell-fixture.ts';

let fixture: CellFixture;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());

interface Ask {
  readonly token: Buffer;
  readonly userRef: string | null;
}

const sha256 = (token: string) => hash('sha256', token, 'buffer');

interface Found {
  readonly site_id: string | null;
  readonly subject_id: string | null;
}

/** Called from inside others, which have opened the tenant's rows. */
function introspect(asks: readonly Ask[], audience: string): Promise<Found[]> {
  return fixture.admin.inTenant(TENANT, (tx) =>
    tx.query<Found>('select site_id, subject_id from core.introspect_access_tokens($1, $2, $3, $4)', [
      TENANT,
      audience,
      asks.map(({ token }) => token),
      asks.map(({ userRef }) => userRef),
    ]),
  );
}

async function oneByOne(asks: readonly Ask[], audience: string): Promise<(Found | undefined)[]> {
  const found: (Found | undefined)[] = [];
  for (const ask of asks) found.push((await introspect([ask], audience))[0]);
  return found;
}

it('a batch of tokens is judged as each of them by itself, in every combination', async () => {
  const { admin } = fixture;
  const [amber, birch, gone] = [await addPerson(admin), await addPerson(admin), await addPerson(admin)];
  await admin
    .query(`update core.subjects set status = 'disabled' where subject_id = $1`, [gone])
    .catch(() => admin.query(`update core.subjects set status = 'erased' where subject_id = $1`, [gone]));
  const tokens = [
    await issueToken(admin, { siteId: 'shop-a', subjectId: amber }),
    await issueToken(admin, { siteId: 'shop-b', subjectId: amber }),
    await issueToken(admin, { siteId: 'shop-a', subjectId: gone }),
    await issueToken(admin, { siteId: 'shop-a', subjectId: birch, secondsToLive: -1 }),
    await issueToken(admin, { siteId: 'shop-a', subjectId: birch, audience: 'http://other.test' }),
    await issueToken(admin, { siteId: 'shop-a' }),
    await issueToken(admin, { siteId: 'shop-b' }),
    'unknown',
  ].map(sha256);
  const orphan = await issueToken(admin, { siteId: 'shop-a', subjectId: birch });
  await admin.query(
    `delete from core.oidc_artifacts g using core.oidc_artifacts a
     where a.id_sha256 = $1 and g.id_sha256 = a.grant_sha256`,
    [sha256(orphan)],
  );
  tokens.push(sha256(orphan));
  const userRefs = [
    null,
    await connect(admin, amber, 'shop-a'),
    await connect(admin, gone, 'shop-a'),
    await connect(admin, birch, 'shop-b'),
    'nobody',
  ];
  const asks = tokens.flatMap((token) => userRefs.map((userRef): Ask => ({ token, userRef })));
  const single = await oneByOne(asks, AUDIENCE);
  expect(await introspect(asks, AUDIENCE)).toEqual(single);
  expect(await introspect(asks, 'http://other.test')).toEqual(await oneByOne(asks, 'http://other.test'));
  const nowhere = { site_id: null, subject_id: null };
  const reached = [
    { site_id: 'shop-a', subject_id: amber },
    { site_id: 'shop-b', subject_id: amber },
    { site_id: 'shop-a', subject_id: amber },
    // Of the site's own tokens: those known to another site only, and to nobody.
    { site_id: 'shop-a', subject_id: null },
    { site_id: 'shop-a', subject_id: null },
    { site_id: 'shop-b', subject_id: null },
    { site_id: 'shop-b', subject_id: null },
    { site_id: 'shop-b', subject_id: birch },
    { site_id: 'shop-b', subject_id: null },
  ];
  expect(single.filter((one) => one?.site_id)).toEqual(reached);
  await admin.query(`update core.sites set status = 'disabled' where site_id = 'shop-a'`);
  const left = reached.filter((one) => one.site_id === 'shop-b');
  const after = await introspect(asks, AUDIENCE);
  expect(after.filter((one) => one.site_id !== null)).toEqual(left);
  expect(after).toHaveLength(asks.length);
  expect(after).toContainEqual(nowhere);
});

it('is nothing that the cell may ask by itself', async () => {
  const ask = fixture.cell.query(`select core.introspect_access_tokens('acme', '', '{}', '{}')`);
  await expect(ask).rejects.toMatchObject({ code: '42501' });
});
