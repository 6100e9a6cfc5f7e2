import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deleteDue } from '../../src/cell/own-data/delete-account.ts';
import { changeState } from '../../src/cell/upstream/accounts/upstream-accounts-repository.ts';
import { ageSignIns, openAccount } from '../support/account-visit.ts';
import { atConsentPage, share } from '../support/consent-visit.ts';
import { Browser, post, type RunningCell, startCell, TENANT } from '../support/running-cell.ts';

let running: RunningCell;
beforeAll(async () => {
  running = await startCell();
});
afterAll(() => running.close());
beforeEach(() => {
  running.core.away = false;
});

const rows = (sql: string, values: unknown[] = []) =>
  running.database.admin.query<{ n: number }>(sql, values);
const count = async (sql: string, values: unknown[] = []) => (await rows(sql, values))[0]?.n;
const statusOf = async (subjectId: string) => {
  const [row] = await running.database.admin.query<{ status: string }>(
    'select status from cell.people where subject_id = $1',
    [subjectId],
  );
  return row?.status;
};

describe('What cannot be undone, shows everything or ends sign-ins', () => {
  const PAGES = [
    '/account/export',
    '/account/delete',
    '/account/security',
    '/account/sites/shop-a/disconnect',
  ];
  const FORMS = [
    ...['/account/export', '/account/delete', '/account/sites/shop-a/disconnect'],
    ...['/account/sessions/end-others', '/account/sessions/x/end', '/account/core-sessions/x/end'],
    '/account/sign-out-everywhere',
  ];

  it('asks for credentials when the last ones are more than ten minutes old', async () => {
    const at = new Date();
    running.core.sites = [
      { siteId: 'shop-a', name: 'Shop A', origin: 'http://shop-a.test', connectedAt: at, lastSignInAt: at },
    ];
    const { page, send, subjectId } = await openAccount(running);
    await ageSignIns(running);
    for (const path of PAGES) {
      const { answer } = await page(path);
      expect([path, answer.status]).toEqual([path, 303]);
      expect(answer.headers.get('location'), path).toContain(running.issuer);
    }
    for (const path of FORMS) {
      const answer = await send(path, { word: 'DELETE', when: 'now' });
      expect([path, answer.status]).toEqual([path, 303]);
      expect(answer.headers.get('location'), path).toContain(running.issuer);
    }
    expect(await statusOf(subjectId)).toBe('active');
    expect(running.core.disconnected).toEqual([]);
    expect(running.core.endedSessions).toEqual([]);
    running.core.sites = [];
  });
});

describe('The copy that people take with them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'userref-export-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function download() {
    const visit = await atConsentPage(running);
    running.core.userRefs.set('shop-a', `ppid_${'a'.repeat(26)}`);
    await post(visit.browser, `${visit.url}/consent`, share(visit.csrf));
    const page = await (await visit.browser.fetch(`${running.url}/account/export`)).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const answer = await post(visit.browser, `${running.url}/account/export`, { csrf });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const file = join(folder, 'copy.zip');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    execFileSync('unzip', ['-q', '-o', file, '-d', folder]);
    return { ...visit, read: (name: string) => readFileSync(join(folder, name), 'utf8') };
  }

  it('U15 is a ZIP that opens, with every value, consent and entry of the log, as JSON and as a page', async () => {
    const { subjectId, read } = await download();
    const data = JSON.parse(read('my-data.json')) as {
      format: string;
      values: { attribute: string; value: unknown }[];
      cell: { records: Record<string, object[]>; audit: { action: string; data: object }[] };
    };
    expect(data.format).toBe('userref-export/1');
    const kept = await running.deps.vault.openOwn(TENANT, subjectId);
    expect(data.values).toEqual(kept);
    for (const table of ['consents', 'consent_events', 'consent_receipts', 'sign_ins', 'account_sessions'])
      expect([table, data.cell.records[`cell.${table}`]?.length]).toEqual([
        table,
        await count(`select count(*)::int as n from cell.${table} where subject_id = $1`, [subjectId]),
      ]);
    // The entries that the download itself makes come after the copy of the log.
    const logged = await running.database.admin.query<{ action: string; data: object }>(
      `select e.action, e.data from cell.audit_events e join cell.people p on p.audit_ref = e.subject_ref
       where p.subject_id = $1 and e.action <> 'consent.receipt_issued' order by e.entry_id`,
      [subjectId],
    );
    expect(data.cell.audit.map(({ action, data: more }) => ({ action, data: more }))).toEqual(logged);
    expect(logged.map(({ action }) => action)).toContain('own_data.exported');
    const html = read('my-data.html');
    for (const text of ['sample.amber@example.test', 'Nowhere-on-Sea', 'cell.consents', 'consent.granted'])
      expect(html).toContain(text);
    expect(html).not.toMatch(/<script|https?:\/\/(?!shop-a\.test|cell|[^"]*example)/);
  });

  it('holds the receipts, which anybody can check with the keys beside them', async () => {
    const { read } = await download();
    const names = execFileSync('unzip', ['-Z1', join(folder, 'copy.zip')], { encoding: 'utf8' }).split('\n');
    const receipt = names.find((name) => name.endsWith('.jwt')) ?? '';
    const keys = createLocalJWKSet(JSON.parse(read('receipts/keys.json')) as JSONWebKeySet);
    const { payload } = await jwtVerify(read(receipt).trim(), keys, { typ: 'consent-receipt+jwt' });
    expect(payload).toBeTruthy();
  });

  it('is not given in part: while the core is away there is none', async () => {
    // Without receipts, which would ask the core as well.
    const { send, page } = await openAccount(running, 'birch');
    await page('/account/export');
    running.core.away = true;
    const answer = await send('/account/export');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });
});

describe('An account that its person deletes', () => {
  const DAY = 86_400_000;

  it('is not deleted without the word', async () => {
    const { send, subjectId } = await openAccount(running);
    for (const word of ['', 'DELET', 'yes']) {
      const answer = await send('/account/delete', { word, when: 'now' });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('Nothing was deleted.');
    }
    expect(await statusOf(subjectId)).toBe('active');
  });

  it('can be kept until its day: no site reads meanwhile, and afterwards all is as before', async () => {
    const { send, page, subjectId } = await openAccount(running);
    expect((await send('/account/delete', { word: 'delete', when: 'later' })).status).toBe(303);
    expect(await statusOf(subjectId)).toBe('restricted');
    expect((await page('/account')).html).toContain('Your account will be deleted on');
    await deleteDue(running.deps, TENANT);
    expect(await statusOf(subjectId)).toBe('restricted');
    const kept = await send('/account/keep');
    expect(kept.headers.get('location')).toBe('/account?done=kept');
    expect(await statusOf(subjectId)).toBe('active');
    expect(await count('select count(*)::int as n from cell.deletion_requests')).toBe(0);
  });

  it('stays restricted when it is kept while the sign-in service has it suspended', async () => {
    const { send, subjectId } = await openAccount(running);
    const person = { tenantId: TENANT, subjectId };
    await running.database.admin.query(
      `insert into cell.upstream_accounts (tenant_id, subject_id, account_ref, sealed_sub)
       values ($1, $2, gen_random_uuid(), 'sealed') on conflict do nothing`,
      [TENANT, subjectId],
    );
    const set = (state: 'suspended' | 'active') =>
      running.database.cell.inTenant(TENANT, (tx) => changeState(tx, person, state));
    await set('suspended');
    await send('/account/delete', { word: 'DELETE', when: 'later' });
    await set('active');
    expect(await statusOf(subjectId)).toBe('restricted');
    await set('suspended');
    await send('/account/keep');
    expect(await statusOf(subjectId)).toBe('restricted');
    await set('active');
    expect(await statusOf(subjectId)).toBe('active');
  });

  it('is gone when its day has come, cannot be kept then, and its person sees what became of it', async () => {
    const { send, page, subjectId, browser } = await openAccount(running);
    await send('/account/delete', { word: 'DELETE', when: 'later' });
    running.moveClock(7 * DAY + 61_000);
    const late = await openAccount(running);
    expect(late.subjectId).toBe(subjectId);
    expect((await late.send('/account/keep')).headers.get('location')).toBe('/account');
    await deleteDue(running.deps, TENANT);
    expect(await statusOf(subjectId)).toBeUndefined();
    expect(running.core.erased.at(-1)).toMatchObject({ subjectId });
    const { html, status } = await page('/account/deleted');
    expect(status).toBe(200);
    expect(html).toContain('Your account is deleted');
    expect(html).toMatch(/del_[a-z2-7]{26}/);
    expect((await browser.fetch(`${running.url}/account`)).status).toBe(303);
    expect((await new Browser().fetch(`${running.url}/account/deleted`)).status).toBe(404);
  });

  it('U16 is gone at once when they wish: rows and keys, and the log knows them no more', async () => {
    const { send, page, subjectId } = await openAccount(running, 'birch');
    const answer = await send('/account/delete', { word: 'DELETE', when: 'now' });
    expect(answer.headers.get('location')).toBe('/account/deleted');
    expect(await statusOf(subjectId)).toBeUndefined();
    for (const table of ['cell.users_pii', 'cell_keys.subject_keys', 'cell.account_sessions'])
      expect(await count(`select count(*)::int as n from ${table} where subject_id = $1`, [subjectId])).toBe(
        0,
      );
    expect((await page('/account/deleted')).html).toContain('No site ever knew you.');
  });
});

describe('Signing out everywhere', () => {
  it('ends the sign-ins at all sites, in all browsers, and here', async () => {
    const other = await openAccount(running);
    const { send, page } = await openAccount(running);
    const at = new Date();
    const session = { sessionId: 'core-1', startedAt: at, expiresAt: at, sites: [] };
    running.core.sessions = [session, { ...session, sessionId: 'core-2' }];
    running.core.endedSessions.length = 0;
    const answer = await send('/account/sign-out-everywhere');
    expect(answer.headers.get('location')).toContain(running.issuer);
    expect(running.core.endedSessions).toEqual(['core-1', 'core-2']);
    for (const visit of [{ page }, other]) expect((await visit.page('/account')).status).toBe(303);
  });

  it('changes nothing while the core is away, and says so', async () => {
    const { send, page } = await openAccount(running);
    await page('/account');
    running.core.away = true;
    expect((await send('/account/sign-out-everywhere')).status).toBe(503);
    expect((await page('/account')).status).toBe(200);
  });

  it('can be had for one sign-in alone', async () => {
    const { send } = await openAccount(running);
    running.core.endedSessions.length = 0;
    const answer = await send('/account/core-sessions/core-2/end', {}, '/account/security');
    expect(answer.headers.get('location')).toBe('/account/security?done=signed_out');
    expect(running.core.endedSessions).toEqual(['core-2']);
  });
});

describe('U14 What became of telling sites to purge', () => {
  it('stands in My data: confirmed, awaited, overdue, not delivered', async () => {
    const at = new Date('2026-03-01T12:00:00Z');
    const one = {
      ...{ siteId: 'shop-a', siteName: 'Shop A', type: 'consent.withdrawn' as const },
      attributes: ['contact:email'],
      ...{ consentId: null, toldAt: at, dueAt: new Date('2026-03-04T12:00:00Z'), confirmedAt: null },
    };
    running.core.confirmations = [
      { ...one, state: 'on_its_way' },
      { ...one, state: 'received' },
      { ...one, state: 'confirmed', confirmedAt: new Date('2026-03-02T12:00:00Z') },
      { ...one, state: 'overdue' },
      { ...one, state: 'not_delivered' },
    ];
    const { page } = await openAccount(running);
    const { html } = await page('/account');
    for (const sentence of [
      'The site is being told to delete it.',
      'has until March 4, 2026 to confirm',
      'confirmed on March 2, 2026 that it has deleted it',
      'was told on March 1, 2026 and has not confirmed',
      'could not be told',
    ])
      expect(html).toContain(sentence);
  });
});
