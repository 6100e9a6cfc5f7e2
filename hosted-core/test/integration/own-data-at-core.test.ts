import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORE_PARTICIPANTS } from '../../src/core/erasure/core-participants.ts';
import { erasureAtCore } from '../../src/core/erasure/erasure-at-core.ts';
import { exportAtCore } from '../../src/core/erasure/export-at-core.ts';
import { GrantRepository } from '../../src/core/grants/grant-repository.ts';
import { tellOfChange } from '../../src/core/grants/tell-of-change.ts';
import { SubjectRepository } from '../../src/core/subjects/subject-repository.ts';
import { Tombstones } from '../../src/erasure/tombstones.ts';
import { randomBase32 } from '../../src/ids/random-ids.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { addPerson, type CellFixture, connect, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { addFullPerson } from '../support/erasable-person.ts';

let fixture: CellFixture;
let deps: { database: CellFixture['core']; grants: GrantRepository; subjects: SubjectRepository };
beforeAll(async () => {
  fixture = await createCellFixture();
  const { core: database } = fixture;
  deps = { database, grants: new GrantRepository(TENANT), subjects: new SubjectRepository(database, TENANT) };
});
afterAll(() => fixture.drop());

describe('what the core keeps about a person', () => {
  it('is given to them from every table, with the log, and nobody else’s', async () => {
    const { subjectId, userRefs } = await addFullPerson(fixture);
    await addFullPerson(fixture);
    await fixture.admin.query(
      `insert into core.audit_pending (tenant_id, action, subject_ref)
       select tenant_id, 'site.connected', audit_ref from core.subjects`,
    );
    const { records, audit } = await exportAtCore(deps, { tenantId: TENANT, subjectId });
    const tables = CORE_PARTICIPANTS.flatMap((one) => one.tables);
    for (const table of tables) expect(records[table]?.length, table).toBeGreaterThan(0);
    expect(records['core.pairwise_links']?.map((row) => (row as { user_ref: string }).user_ref)).toEqual(
      Object.values(userRefs),
    );
    expect(records['core.webhook_events']).toHaveLength(1);
    expect(audit.map(({ action }) => action)).toEqual(['site.connected']);
  });
});

describe('a change of values', () => {
  async function tell(tellWithinMs?: number) {
    const subjectId = await addPerson(fixture.admin);
    const refs = [
      await connect(fixture.admin, subjectId, 'shop-a'),
      await connect(fixture.admin, subjectId, 'shop-b'),
    ];
    const sites = ['shop-b', 'shop-a'].map((siteId) => ({ siteId, attributes: ['contact:email'] }));
    const change = { eventId: `chg_${randomBase32(26)}`, tenantId: TENANT, subjectId, sites };
    await tellOfChange({ ...deps, tellWithinMs }, change);
    await tellOfChange({ ...deps, tellWithinMs }, change);
    return fixture.admin.query<{ site_id: string; body: Buffer; occurred_at: Date; waits: boolean }>(
      `select site_id, body, occurred_at, occurred_at > now() + interval '1 second' as waits
       from core.webhook_events where user_ref = any ($1) order by site_id`,
      [refs],
    );
  }

  it('is told to every site that may read them, once, under its own name for the person', async () => {
    const rows = await tell();
    expect(rows.map(({ site_id }) => site_id)).toEqual(['shop-a', 'shop-b']);
    const bodies = rows.map(({ body }) => JSON.parse(body.toString()) as { type: string; data: object });
    expect(bodies.map(({ type }) => type)).toEqual(['attributes.changed', 'attributes.changed']);
    expect(new Set(bodies.map(({ data }) => JSON.stringify(data))).size).toBe(2);
  });

  it('reaches sites at moments that say nothing of each other: body, delivery and feed wait for them', async () => {
    const gaps: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const [one, other] = await tell(3_600_000);
      gaps.push(Math.abs((one?.occurred_at.getTime() ?? 0) - (other?.occurred_at.getTime() ?? 0)));
      const at = `${one?.occurred_at.toISOString().slice(0, 19)}Z`;
      expect(JSON.parse(one?.body.toString() ?? '{}')).toMatchObject({ timestamp: at });
    }
    // Within a second by chance: once in 1,800 pairs.
    expect(gaps.filter((gap) => gap < 1_000).length).toBeLessThanOrEqual(1);
    const early = await fixture.admin.query(
      `select 1 from core.webhook_deliveries d join core.webhook_events e using (tenant_id, event_id)
       where d.next_attempt_at < e.occurred_at and e.occurred_at > now()`,
    );
    expect(early).toEqual([]);
    const feed = await fixture.admin.query<{ event_id: string }>(
      `select event_id from core.read_event_feed($1, 'shop-a', 0, 1000)`,
      [TENANT],
    );
    const waiting = await fixture.admin.query<{ event_id: string }>(
      `select event_id from core.webhook_events where site_id = 'shop-a' and occurred_at > now() + interval '5 seconds'`,
    );
    expect(waiting.length).toBeGreaterThan(4);
    expect(feed.filter(({ event_id }) => waiting.some((one) => one.event_id === event_id))).toEqual([]);
  });
});

describe('an erasure', () => {
  it('ends everything at once, and is told to each site at a moment that says nothing of the others', async () => {
    const tombstones = new Tombstones({ half: 'core', database: fixture.core, tenantId: TENANT });
    const logger = createLogger({ level: 'silent' });
    const { gateway } = erasureAtCore({
      ...{ database: fixture.core, tombstones, logger },
      tellWithinMs: 3_600_000,
    });
    const gaps: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const subjectId = await addPerson(fixture.admin);
      const refs = [
        await connect(fixture.admin, subjectId, 'shop-a'),
        await connect(fixture.admin, subjectId, 'shop-b'),
      ];
      const erasedAt = new Date();
      const requestId = `del_${randomBase32(26)}`;
      await gateway.subjectErased({
        tenantId: TENANT,
        subjectId,
        requestId,
        erasedAt,
        backupsUntil: erasedAt,
      });
      const left = await fixture.admin.query('select 1 from core.pairwise_links where user_ref = any ($1)', [
        refs,
      ]);
      expect(left).toEqual([]);
      const told = await fixture.admin.query<{ occurred_at: Date }>(
        'select occurred_at from core.webhook_events where user_ref = any ($1)',
        [refs],
      );
      const [one = 0, other = 0] = told.map(({ occurred_at }) => occurred_at.getTime());
      gaps.push(Math.abs(one - other));
    }
    expect(gaps.filter((gap) => gap < 1_000).length).toBeLessThanOrEqual(1);
  });
});
