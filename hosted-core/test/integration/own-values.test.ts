import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepHouse } from '../../src/cell/housekeeping.ts';
import { attributesChangedTask } from '../../src/cell/own-data/note-change.ts';
import { openAccount } from '../support/account-visit.ts';
import {
  beginConsent,
  csrfOf,
  PURPOSE,
  post,
  type RunningCell,
  startCell,
  TENANT,
} from '../support/running-cell.ts';

let running: RunningCell;
let log = '';

beforeAll(async () => {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk);
      done();
    },
  });
  running = await startCell({ log: sink });
});
afterAll(() => running.close());

const ADDRESS = {
  'value.recipient': '',
  'value.street_address': '7 Canary Quay\r\nFloor 2',
  'value.postal_code': '1010',
  'value.locality': 'Wien',
  'value.region': '',
  'value.country': 'AT',
};

const own = (subjectId: string) => running.deps.vault.openOwn(TENANT, subjectId);
const keptValue = async (subjectId: string, attribute: string) =>
  (await own(subjectId)).find((one) => one.attribute === attribute);

async function changesOf(subjectId: string): Promise<string[]> {
  const rows = await running.database.admin.query<{ change_id: string }>(
    'select change_id from cell.attribute_changes where subject_id = $1 order by occurred_at',
    [subjectId],
  );
  return rows.map((row) => row.change_id);
}

describe('A value that the person changes', () => {
  it('is theirs from then on, in the shape of its schema', async () => {
    const { subjectId, send, page } = await openAccount(running);
    const answer = await send('/account/values/address:shipping', ADDRESS);
    expect(answer.headers.get('location')).toBe('/account?done=value');
    expect(await keptValue(subjectId, 'address:shipping')).toMatchObject({
      source: 'person',
      value: {
        street_address: '7 Canary Quay\nFloor 2',
        postal_code: '1010',
        locality: 'Wien',
        country: 'AT',
      },
    });
    const { html } = await page('/account/values/address:shipping');
    expect(html).toContain('You wrote this value yourself.');
    expect(html).toContain('<option value="AT" selected>Austria</option>');
  });

  it('may be one that was never there, written as people write it', async () => {
    const { subjectId, send } = await openAccount(running, 'birch');
    await send('/account/values/contact:phone', { value: '+44 (20) 7946-0018' });
    expect(await keptValue(subjectId, 'contact:phone')).toMatchObject({ value: '+442079460018' });
  });

  it.each([
    ['contact:email', { value: 'canary-at-nowhere' }],
    ['contact:phone', { value: '0 800 canary' }],
    ['profile:birthdate', { value: '31.12.1999' }],
    ['profile:citizenship', { value: 'Austria' }],
    ['address:shipping', { ...ADDRESS, 'value.locality': '' }],
    ['profile:name', {}],
  ])(
    'is refused when it does not fit (%s): nothing changes, and what was typed is in no log',
    async (name, fields) => {
      const { subjectId, send } = await openAccount(running);
      const before = await keptValue(subjectId, name);
      const answer = await send(`/account/values/${name}`, fields as Record<string, string>);
      expect(answer.status).toBe(400);
      const html = await answer.text();
      expect(html).toContain('role="alert"');
      expect(html).toContain('autofocus');
      expect(await keptValue(subjectId, name)).toEqual(before);
      expect(log).not.toMatch(/canary/i);
    },
  );

  it.each(['age:over_18', 'address:country', 'nobody:knows', '../account'])(
    'is not one that is worked out or unknown (%s)',
    async (name) => {
      const { send } = await openAccount(running);
      const path = `/account/values/${encodeURIComponent(name)}`;
      expect((await send(path, { value: 'true' })).status).toBe(404);
    },
  );

  it('is told to the sites that may read it or what is worked out from it, once, by name and without the value', async () => {
    const { subjectId, send, browser } = await openAccount(running);
    const wish = { ask: { attributes: ['address:country', 'contact:email'], purpose: PURPOSE } };
    const { url } = await beginConsent(running, subjectId, wish);
    const csrf = csrfOf(await (await browser.fetch(url)).text());
    const body = { csrf, decision: 'share', attribute: 'address:country', duration: 'days_30' };
    await post(browser, `${url}/consent`, body);
    const before = await changesOf(subjectId);
    await send('/account/values/address:shipping', { ...ADDRESS, 'value.country': 'CH' });
    await send('/account/values/contact:email', { value: 'canary@example.test' });
    const [place, email] = (await changesOf(subjectId)).slice(before.length);
    const task = attributesChangedTask(running.deps);
    for (const changeId of [place, place, email]) await task({ tenantId: TENANT, changeId });
    expect(running.core.changed).toEqual(
      [place, place].map((eventId) => ({
        ...{ eventId, tenantId: TENANT, subjectId },
        sites: [{ siteId: 'shop-a', attributes: ['address:country'] }],
      })),
    );
    const jobs = await running.database.admin.query<{ payload: object }>(
      `select payload from cell_jobs._private_jobs where key = $1`,
      [place],
    );
    expect(jobs.map(({ payload }) => Object.keys(payload).sort())).toEqual([['changeId', 'tenantId']]);
  });

  it('is no change when it is the same as before', async () => {
    const { subjectId, send } = await openAccount(running);
    await send('/account/values/profile:given_name', { value: 'Same' });
    const before = await changesOf(subjectId);
    await send('/account/values/profile:given_name', { value: ' Same ' });
    expect(await changesOf(subjectId)).toEqual(before);
  });

  it('is forgotten after thirty days, and stays in the log', async () => {
    const { subjectId, send } = await openAccount(running);
    await send('/account/values/profile:family_name', { value: 'Other' });
    await keepHouse(running.deps);
    expect((await changesOf(subjectId)).length).toBeGreaterThan(0);
    await keepHouse({ ...running.deps, now: () => new Date(Date.now() + 31 * 86_400_000) });
    expect(await changesOf(subjectId)).toEqual([]);
  });

  it('is audited by name alone', async () => {
    const rows = await running.database.admin.query<{ data: { attributes: string[] } }>(
      `select data from cell.audit_events where action = 'own_attributes.changed'`,
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(JSON.stringify(rows)).not.toMatch(/canary|Wien/i);
  });
});
