import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeDuration } from '../../src/cell/consent/change-duration.ts';
import { CORE_NOTICE_TASK, coreNoticeTask } from '../../src/cell/consent/consent-notice.ts';
import { decideConsent } from '../../src/cell/consent/decide-consent.ts';
import { withdrawConsent, withdrawSite } from '../../src/cell/consent/withdraw-consent.ts';
import { keepHouse } from '../../src/cell/housekeeping.ts';
import type { UserrefError } from '../../src/errors/userref-error.ts';
import type { PurposeText } from '../../src/wall/region-cell.ts';
import { Browser, PURPOSE, type RunningCell, signIn, startCell, TENANT } from '../support/running-cell.ts';

const DAY_MS = 86_400_000;
const BOTH = ['address:shipping', 'contact:email'];

let running: RunningCell;
let subjectId: string;
let site = 0;
let siteId: string;

beforeAll(async () => {
  running = await startCell();
  subjectId = await signIn(running, new Browser());
});
afterAll(() => running.close());
beforeEach(() => {
  site += 1;
  siteId = `shop-${site}`;
  running.core.told.length = 0;
  running.core.away = false;
});

interface Wish {
  selected?: string[];
  asked?: string[];
  purpose?: PurposeText;
}

function decide({ selected = BOTH, asked = BOTH, purpose = PURPOSE }: Wish = {}) {
  const decision = {
    tenantId: TENANT,
    subjectId,
    siteId,
    purpose,
    asked,
    selected,
    duration: 'days_30',
    locale: 'en',
  } as const;
  return running.database.cell.inTenant(TENANT, (tx) => decideConsent(tx, decision, running.deps.now()));
}

function undecided(purpose: PurposeText = PURPOSE) {
  return running.cell.undecidedAttributes({ tenantId: TENANT, subjectId, siteId, purpose, attributes: BOTH });
}

const live = () => running.cell.liveConsents({ tenantId: TENANT, subjectId, siteId });

function consents() {
  return running.database.admin.query<{
    consent_id: string;
    attribute: string;
    state: string;
    purpose_version: number;
  }>(
    'select consent_id, attribute, state, purpose_version from cell.consents where site_id = $1 order by attribute, purpose_version',
    [siteId],
  );
}

async function consentOf(attribute: string): Promise<string> {
  const rows = await consents();
  return rows.find((row) => row.attribute === attribute && row.state === 'granted')?.consent_id ?? '';
}

/** Notices waiting in the queue about this test's site. */
async function noticeJobs(): Promise<string[]> {
  const rows = await running.database.admin.query<{ key: string }>(
    `select j.key from cell_jobs.jobs j where j.task_identifier = $1
     and j.key in (select notice_id from cell.consent_events where site_id = $2)`,
    [CORE_NOTICE_TASK, siteId],
  );
  return rows.map(({ key }) => key);
}

describe('A decision', () => {
  it('grants what was ticked, denies the rest, and leaves nothing undecided', async () => {
    const result = await decide({ selected: ['address:shipping'] });
    expect(result).toMatchObject({ granted: ['address:shipping'], denied: ['contact:email'] });
    expect(await live()).toEqual(['address:shipping']);
    expect(await undecided()).toEqual([]);
  });

  it('ignores attributes that were not asked for', async () => {
    await decide({ asked: ['contact:email'], selected: ['contact:email', 'contact:phone'] });
    expect(await live()).toEqual(['contact:email']);
  });

  it('is not asked again for 30 days after a denial, and asked again then', async () => {
    await decide({ selected: [] });
    running.moveClock(30 * DAY_MS - 60_000);
    expect(await undecided()).toEqual([]);
    running.moveClock(120_000);
    expect(await undecided()).toEqual(BOTH);
  });

  it('ends by itself when its time is over', async () => {
    await decide();
    running.moveClock(30 * DAY_MS + 1_000);
    expect(await live()).toEqual([]);
    expect(await undecided()).toEqual(BOTH);
  });

  it('asks anew when the purpose has a new wording, and unticking then ends the old consent', async () => {
    await decide();
    const reworded = { ...PURPOSE, version: 2 };
    expect(await undecided(reworded)).toEqual(BOTH);
    await decide({ purpose: reworded, selected: ['contact:email'] });
    expect(await live()).toEqual(['contact:email']);
    expect(await consents()).toEqual([
      expect.objectContaining({ attribute: 'address:shipping', state: 'withdrawn', purpose_version: 1 }),
      expect.objectContaining({ attribute: 'address:shipping', state: 'denied', purpose_version: 2 }),
      expect.objectContaining({ attribute: 'contact:email', state: 'granted', purpose_version: 2 }),
    ]);
  });

  it('leaves shared what was shared before when it is not ticked again', async () => {
    await decide();
    expect(await decide({ selected: [] })).toMatchObject({ granted: BOTH, denied: [] });
    expect(await live()).toEqual(BOTH);
  });

  it('keeps the wording and its hash in the language that was read', async () => {
    await decide();
    const [row] = await running.database.admin.query<{ fits: boolean }>(
      `select purpose_text_sha256 = sha256(convert_to($2, 'UTF8')) as fits from cell.consents where site_id = $1 limit 1`,
      [
        siteId,
        JSON.stringify([
          'en',
          'Delivering your order',
          'To send you what you bought.',
          'Shop A and its carrier',
        ]),
      ],
    );
    expect(row?.fits).toBe(true);
  });

  it('keeps one standing decision when the same question is answered many times at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => decide()));
    expect((await consents()).map(({ state }) => state)).toEqual(['granted', 'granted']);
  });

  it('comes before or after a withdrawal in another tab, never between: one outcome, and each change told once', async () => {
    await decide();
    const consentId = await consentOf('contact:email');
    const person = { tenantId: TENANT, subjectId };
    await Promise.all([
      ...Array.from({ length: 6 }, () => withdrawConsent(running.deps, { ...person, consentId })),
      ...Array.from({ length: 6 }, () => decide({ asked: ['contact:email'], selected: ['contact:email'] })),
      withdrawSite(running.deps, { ...person, siteId }),
      withdrawSite(running.deps, { ...person, siteId }),
    ]);
    const standing = (await consents()).filter(({ state }) => state === 'granted');
    expect(standing.length).toBeLessThanOrEqual(1);
    expect(await live()).toEqual(standing.map(({ attribute }) => attribute));
    const events = await running.database.admin.query<{ consent_id: string; change: string; n: number }>(
      `select consent_id, change, count(*)::int as n from cell.consent_events
       where site_id = $1 and change in ('granted', 'withdrawn') group by 1, 2`,
      [siteId],
    );
    // Each consent begins once and ends at most once; the core hears of each change under one id.
    for (const event of events) expect(event).toMatchObject({ n: 1 });
    const ended = events.filter(({ change }) => change === 'withdrawn').map(({ consent_id }) => consent_id);
    expect(ended).toContain(consentId);
    for (const { consent_id } of standing) expect(ended).not.toContain(consent_id);
    const told = running.core.told.filter((one) => one.siteId === siteId && one.change === 'withdrawn');
    expect(new Set(told.map(({ eventId }) => eventId)).size).toBe(told.length);
    const named = told.flatMap((one) => one.consents.map((consent) => consent.consentId));
    expect(named.sort()).toEqual(ended.sort());
  });

  it('in two tabs with other answers leaves one of them, whole', async () => {
    const yes = () => decide({ selected: BOTH });
    const no = () => decide({ selected: [] });
    await Promise.all([yes(), no(), yes(), no()]);
    const standing = (await consents()).filter(({ state }) => state === 'granted' || state === 'denied');
    expect(standing).toHaveLength(2);
    expect(new Set(standing.map(({ state }) => state)).size).toBe(1);
  });

  it('of how long ends with the consent: a change in one tab does not outlive a withdrawal in another', async () => {
    await decide();
    const consentId = await consentOf('contact:email');
    const person = { tenantId: TENANT, subjectId, consentId };
    const change = () =>
      changeDuration(running.deps, { ...person, duration: 'until_stopped', requestId: 'r' }).catch(
        (error: UserrefError) => error.code,
      );
    const results = await Promise.all([change(), withdrawConsent(running.deps, person), change()]);
    expect(await live()).toEqual(['address:shipping']);
    for (const result of [results[0], results[2]]) expect([undefined, 'not_found', 0, 1]).toContain(result);
    const after = await running.database.admin.query<{ change: string }>(
      `select change from cell.consent_events where consent_id = $1 order by event_no`,
      [consentId],
    );
    expect(after.at(-1)?.change).toBe('withdrawn');
  });

  it('writes events that the cell itself cannot change or delete', async () => {
    await decide();
    for (const sql of [
      'update cell.consent_events set change = $1',
      'delete from cell.consent_events where change = $1',
    ]) {
      const attempt = running.database.cell.inTenant(TENANT, (tx) => tx.query(sql, ['denied']));
      await expect(attempt).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('A withdrawal', () => {
  it('ends the consent, tells the core at once, and enqueues exactly one notice however often it is repeated', async () => {
    await decide();
    const before = await noticeJobs();
    const consentId = await consentOf('contact:email');
    const ended = await Promise.all(
      Array.from({ length: 5 }, () =>
        withdrawConsent(running.deps, { tenantId: TENANT, subjectId, consentId }),
      ),
    );
    expect(ended.toSorted()).toEqual([0, 0, 0, 0, 1]);
    expect(await live()).toEqual(['address:shipping']);
    expect(running.core.told).toEqual([
      expect.objectContaining({
        change: 'withdrawn',
        subjectId,
        siteId,
        consents: [{ consentId, attribute: 'contact:email' }],
      }),
    ]);
    expect(await noticeJobs()).toHaveLength(before.length + 1);
  });

  it('of a site ends all its consents with one notice for each purpose', async () => {
    await decide();
    await decide({
      asked: ['contact:phone'],
      selected: ['contact:phone'],
      purpose: { ...PURPOSE, purposeId: 'newsletter' },
    });
    expect(await withdrawSite(running.deps, { tenantId: TENANT, subjectId, siteId })).toBe(3);
    expect(await live()).toEqual([]);
    const told = running.core.told.map((change) => [change.purposeId, change.consents.length]);
    expect(told.toSorted()).toEqual([
      ['newsletter', 1],
      ['order_delivery', 2],
    ]);
    expect(await withdrawSite(running.deps, { tenantId: TENANT, subjectId, siteId })).toBe(0);
  });

  it('of somebody else’s consent is as unknown as one that never was', async () => {
    await decide();
    const consentId = await consentOf('contact:email');
    const stranger = await signIn(running, new Browser(), 'birch');
    for (const person of [
      { subjectId: stranger, consentId },
      { subjectId, consentId: `con_${'a'.repeat(26)}` },
    ]) {
      await expect(withdrawConsent(running.deps, { tenantId: TENANT, ...person })).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    expect(await live()).toEqual(BOTH);
  });

  it('works while the core is away, and the job tells the core later, under the same id each time', async () => {
    await decide();
    const before = new Set(await noticeJobs());
    running.core.away = true;
    await withdrawSite(running.deps, { tenantId: TENANT, subjectId, siteId });
    expect(await live()).toEqual([]);
    running.core.away = false;
    const [noticeId] = (await noticeJobs()).filter((key) => !before.has(key));
    const task = coreNoticeTask(running.deps);
    await task({ tenantId: TENANT, noticeId });
    await task({ tenantId: TENANT, noticeId });
    expect(running.core.told.map(({ eventId, change }) => [eventId, change])).toEqual([
      [noticeId, 'withdrawn'],
      [noticeId, 'withdrawn'],
    ]);
  });

  it('puts no attribute, person or site into the payload of its job', async () => {
    await decide();
    await withdrawSite(running.deps, { tenantId: TENANT, subjectId, siteId });
    const payloads = await running.database.admin.query<{ keys: string[] }>(
      'select array(select json_object_keys(payload) order by 1) as keys from cell_jobs._private_jobs',
    );
    for (const { keys } of payloads) expect(keys).toEqual(['noticeId', 'tenantId']);
  });
});

describe('Housekeeping', () => {
  it('marks consents that ran out, tells the core once, and forgets old pages', async () => {
    await decide();
    running.core.told.length = 0;
    running.moveClock(31 * DAY_MS);
    const options = { ...running.deps, tenantId: TENANT };
    await keepHouse(options);
    await keepHouse(options);
    expect((await consents()).map(({ state }) => state)).toEqual(['expired', 'expired']);
    const ours = running.core.told.filter((change) => change.siteId === siteId);
    expect(ours).toEqual([expect.objectContaining({ change: 'expired', purposeId: 'order_delivery' })]);
    const [pages] = await running.database.admin.query<{ count: number }>(
      'select (select count(*) from cell.interactions)::int + (select count(*) from cell.upstream_logins)::int as count',
    );
    expect(pages?.count).toBe(0);
  });
});
