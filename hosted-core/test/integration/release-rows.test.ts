import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendReads } from '../../src/cell/attributes/reads-repository.ts';
import { releaseAll } from '../../src/cell/attributes/release-repository.ts';
import type { Queryable } from '../../src/database/database.ts';
import {
  AUDIENCE,
  addConsent,
  addPerson,
  type CellFixture,
  connect,
  createCellFixture,
  issueToken,
  store,
  TENANT,
} from '../support/cell-fixture.ts';

const OTHERS = 3_000;
const names = ['contact:email', 'profile:name'];
let fixture: CellFixture;
let subjectId: string;
let userRef: string;
let accessToken: string;
let siteToken: string;
let consentIds: string[];

beforeAll(async () => {
  fixture = await createCellFixture();
  const { admin } = fixture;
  subjectId = await addPerson(admin);
  userRef = await connect(admin, subjectId, 'shop-a');
  accessToken = await issueToken(admin, { siteId: 'shop-a', subjectId });
  siteToken = await issueToken(admin, { siteId: 'shop-a' });
  consentIds = await Promise.all(names.map((attribute) => addConsent(admin, { subjectId, attribute })));
  await store(fixture, subjectId, { 'contact:email': 'sample@example.com', 'profile:name': 'Sample Person' });
  // Plans are made here, while nobody else is in the tables.
  await rowsRead((tx) => read(tx, accessToken));
  await admin.query(
    `with p as (insert into core.subjects (tenant_id, subject_id, region)
       select $1, gen_random_uuid(), 'eu' from generate_series(1, $2) returning subject_id),
     c as (insert into cell.people (tenant_id, subject_id) select $1, subject_id from p returning subject_id),
     l as (insert into core.pairwise_links (tenant_id, site_id, subject_id, user_ref)
       select $1, 'shop-a', subject_id, 'ppid_' || substr(translate(md5(subject_id::text), '0189', 'wxyz'), 1, 26)
       from p)
     insert into core.oidc_artifacts (tenant_id, id_sha256, kind, payload, site_id, subject_id, expires_at)
     select $1, sha256(subject_id::text::bytea), 'AccessToken', '{}', 'shop-a', subject_id, now() + interval '1 hour'
     from p`,
    [TENANT, OTHERS],
  );
  await admin.query(
    `insert into cell.consents (tenant_id, consent_id, subject_id, site_id, attribute, purpose_id, purpose_version,
       purpose_text_sha256, locale, state, decided_at, expires_at)
     select $1, 'con_' || substr(translate(md5(subject_id::text), '0189', 'wxyz'), 1, 26), subject_id, 'shop-a',
       'contact:email', 'order_delivery', 1, sha256('text'), 'en', 'granted', now(), now() + interval '1 day'
     from cell.people where subject_id <> $2`,
    [TENANT, subjectId],
  );
});
afterAll(() => fixture.drop());

/** How many rows of tables the work looks at. */
function rowsRead(work: (tx: Queryable) => Promise<void>): Promise<number> {
  return fixture.cell.inTenant(TENANT, async (tx) => {
    const before = await readSoFar(tx);
    await work(tx);
    return (await readSoFar(tx)) - before;
  });
}

async function readSoFar(tx: Queryable): Promise<number> {
  const [row] = await tx.query<{ read: number }>(
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int as read
     from pg_stat_xact_all_tables where schemaname in ('core', 'cell', 'cell_keys')`,
  );
  return row?.read ?? 0;
}

async function read(tx: Queryable, token: string, ref?: string): Promise<void> {
  const entry = { tenantId: TENANT, action: 'attributes.released' } as const;
  const ask = { tenantId: TENANT, accessToken: token, userRef: ref, names, storedNames: names, entry };
  const decided = await releaseAll(tx, [{ ...ask, purpose: 'order_delivery' }], {
    audience: AUDIENCE,
    now: new Date(),
  });
  expect(decided).toMatchObject([{ outcome: 'released', is_written: true, subject_id: subjectId }]);
}

it('a release looks at the rows of its own person, however many others there are', async () => {
  expect(await rowsRead((tx) => read(tx, accessToken))).toBeLessThan(30);
  expect(await rowsRead((tx) => read(tx, siteToken, userRef))).toBeLessThan(30);
  await fixture.admin.query('analyze');
  expect(await rowsRead((tx) => read(tx, accessToken))).toBeLessThan(30);
  expect(await rowsRead((tx) => read(tx, siteToken, userRef))).toBeLessThan(30);
});

it('so does the second look at what allowed it', async () => {
  const rows = await rowsRead(async (tx) => {
    const guard = {
      ...{ tokenHash: hash('sha256', accessToken, 'buffer'), audience: AUDIENCE },
      ...{ subjectId, epoch: 1, consentIds },
    };
    const entry = { tenantId: TENANT, action: 'attributes.released', siteId: 'shop-a' } as const;
    expect(await appendReads(tx, [{ entry, guard }])).toEqual([true]);
  });
  expect(rows).toBeLessThan(30);
});
