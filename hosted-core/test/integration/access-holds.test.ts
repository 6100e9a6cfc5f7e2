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
  readonly audience: string;
  readonly userRef: string | null;
  readonly siteId: string;
  readonly subjectId: string;
}

const sha256 = (token: string) => hash('sha256', token, 'buffer');

/** Both functions are called from inside others, which have opened the tenant's rows. */
function query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
  return fixture.admin.inTenant(TENANT, (tx) => tx.query<Row>(text, values));
}

/** What one introspection says, asked about this site and person. */
async function introspected(ask: Ask): Promise<boolean> {
  const rows = await query(
    `select from core.introspect_access_token($1, $2, $3, $4) t where t.site_id = $5 and t.subject_id = $6`,
    [TENANT, ask.token, ask.audience, ask.userRef, ask.siteId, ask.subjectId],
  );
  return rows.length > 0;
}

async function held(asks: readonly Ask[]): Promise<boolean[]> {
  const [row] = await query<{ holds: boolean[] }>(
    'select core.access_holds($1, $2, $3, $4, $5, $6) as holds',
    [
      TENANT,
      asks.map((ask) => ask.token),
      asks.map((ask) => ask.audience),
      asks.map((ask) => ask.userRef),
      asks.map((ask) => ask.siteId),
      asks.map((ask) => ask.subjectId),
    ],
  );
  return row?.holds ?? [];
}

it('a batch of permissions is judged as each of them by itself, in every combination', async () => {
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
  const asks: Ask[] = [];
  for (const token of tokens)
    for (const userRef of userRefs)
      for (const siteId of ['shop-a', 'shop-b'])
        for (const subjectId of [amber, birch, gone])
          for (const audience of [AUDIENCE, 'http://other.test'])
            asks.push({ token, audience, userRef, siteId, subjectId });
  const single: boolean[] = [];
  for (const ask of asks) single.push(await introspected(ask));
  expect(await held(asks)).toEqual(single);
  expect(single.filter(Boolean).length).toBeGreaterThanOrEqual(5);
  await admin.query(`update core.sites set status = 'disabled' where site_id = 'shop-a'`);
  expect(await held(asks)).toEqual(await Promise.all(asks.map(introspected)));
});

it('is nothing that the cell may ask by itself', async () => {
  const ask = fixture.cell.query(`select core.access_holds('acme', '{}', '{}', '{}', '{}', '{}')`);
  await expect(ask).rejects.toMatchObject({ code: '42501' });
});
