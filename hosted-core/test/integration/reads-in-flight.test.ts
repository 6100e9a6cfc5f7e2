import { hash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReadAudit } from '../../src/cell/attributes/read-audit.ts';
import { appendReads } from '../../src/cell/attributes/reads-repository.ts';
import { ReleaseAttributes } from '../../src/cell/attributes/release-attributes.ts';
import { releaseAll } from '../../src/cell/attributes/release-repository.ts';
import type { Vault } from '../../src/cell/vault/vault.ts';
import type { Database } from '../../src/database/database.ts';
import {
  AUDIENCE,
  addConsent,
  addPerson,
  auditRows,
  type CellFixture,
  connect,
  createCellFixture,
  issueToken,
  store,
  TENANT,
} from '../support/cell-fixture.ts';
import { until } from '../support/until.ts';

const NAMES = ['contact:email'];
const ENTRY = { tenantId: TENANT, action: 'attributes.released' } as const;
let fixture: CellFixture;
let subjectId: string;
let userRef: string;
let accessToken: string;
let consentId: string;

beforeAll(async () => {
  fixture = await createCellFixture();
});
beforeEach(async () => {
  subjectId = await addPerson(fixture.admin);
  userRef = await connect(fixture.admin, subjectId, 'shop-a');
  accessToken = await issueToken(fixture.admin, { siteId: 'shop-a', subjectId });
  consentId = await addConsent(fixture.admin, { subjectId, attribute: 'contact:email' });
  await store(fixture, subjectId, { 'contact:email': 'sample-amber@example.com' });
});
afterAll(() => fixture.drop());

/** The ways to end what allows a read, as the database sees them. */
const endings: [string, string, () => Promise<unknown>][] = [
  [
    'the consent is withdrawn',
    'consent_required',
    () =>
      fixture.cell.inTenant(TENANT, (tx) =>
        tx.query(
          `update cell.consents set state = 'withdrawn', withdrawn_at = now() where tenant_id = $1 and consent_id = $2`,
          [TENANT, consentId],
        ),
      ),
  ],
  [
    'the site’s access is revoked',
    'invalid_token',
    () => fixture.core.query('select core.revoke_site_access($1, $2, $3)', [TENANT, 'shop-a', subjectId]),
  ],
  [
    'the token is revoked',
    'invalid_token',
    () =>
      fixture.core.query('select core.write_artifacts($1, $2)', [
        TENANT,
        JSON.stringify({ remove: [hash('sha256', accessToken)] }),
      ]),
  ],
  [
    'the person restricts processing',
    'processing_restricted',
    () =>
      fixture.admin.query(`update cell.people set status = 'restricted' where subject_id = $1`, [subjectId]),
  ],
  [
    'the core suspends the person',
    'invalid_token',
    () =>
      fixture.admin.query(`update core.subjects set status = 'suspended' where subject_id = $1`, [subjectId]),
  ],
];

/** A release that stops where a key is fetched, until it is let go on: by default before its audit entry. */
function pausedRelease({ isReady = false } = {}) {
  let arrived = () => {};
  let goOn = () => {};
  const hasArrived = new Promise<void>((done) => {
    arrived = done;
  });
  const mayGoOn = new Promise<void>((done) => {
    goOn = done;
  });
  const { vault } = fixture;
  const slowVault = {
    catalogue: vault.catalogue,
    isReadyToOpen: async () => isReady,
    openAtOnce: () => undefined,
    async openReleased(...released: Parameters<Vault['openReleased']>) {
      const opened = await vault.openReleased(...released);
      arrived();
      await mayGoOn;
      return opened;
    },
  } as unknown as Vault;
  const release = new ReleaseAttributes({
    database: fixture.cell,
    vault: slowVault,
    audit: new ReadAudit({ database: fixture.cell }),
    audience: AUDIENCE,
    issuer: 'http://core.test',
  });
  return { release, hasArrived, goOn: () => goOn() };
}

const ask = () => ({ tenantId: TENANT, accessToken, names: NAMES, purpose: 'order_delivery' });

const releasedTo = async (ref: string) => {
  const [person] = await fixture.admin.query<{ audit_ref: string }>(
    'select audit_ref from cell.people where subject_id = $1',
    [ref],
  );
  const rows = await auditRows(fixture.admin, 'attributes.released');
  return rows.filter((row) => row.subject_ref === person?.audit_ref);
};

describe('a read that has been decided and not yet written down', () => {
  it('is answered when nothing happens in between (control)', async () => {
    const { release, hasArrived, goOn } = pausedRelease();
    const answer = release.release(ask());
    await hasArrived;
    goOn();
    expect(await answer).toEqual({ 'contact:email': 'sample-amber@example.com' });
    expect(await releasedTo(subjectId)).toHaveLength(1);
  });

  it.each(endings)('is refused when %s: %s', async (_how, code, end) => {
    const { release, hasArrived, goOn } = pausedRelease();
    const answer = release.release(ask()).catch((error: unknown) => error);
    await hasArrived;
    await end();
    goOn();
    expect(await answer).toMatchObject({ code });
    expect(await releasedTo(subjectId)).toEqual([]);
  });

  it('is refused when the site is disabled', async () => {
    const { release, hasArrived, goOn } = pausedRelease();
    const siteToken = await issueToken(fixture.admin, { siteId: 'shop-a' });
    const answer = release
      .release({ ...ask(), accessToken: siteToken, userRef })
      .catch((error: unknown) => error);
    await hasArrived;
    const setStatus = (status: string) =>
      fixture.admin.query('update core.sites set status = $1 where site_id = $2', [status, 'shop-a']);
    await setStatus('disabled');
    goOn();
    expect(await answer).toMatchObject({ code: 'invalid_token' });
    await setStatus('enabled');
  });
});

describe('a read that was written down before a key had to be fetched', () => {
  it('is answered and written down once when nothing happens in between (control)', async () => {
    const { release, hasArrived, goOn } = pausedRelease({ isReady: true });
    const answer = release.release(ask());
    await hasArrived;
    expect(await releasedTo(subjectId)).toHaveLength(1);
    goOn();
    expect(await answer).toEqual({ 'contact:email': 'sample-amber@example.com' });
    expect(await releasedTo(subjectId)).toHaveLength(1);
  });

  it.each(endings)('is refused all the same when %s: %s', async (_how, code, end) => {
    const { release, hasArrived, goOn } = pausedRelease({ isReady: true });
    const answer = release.release(ask()).catch((error: unknown) => error);
    await hasArrived;
    await end();
    goOn();
    expect(await answer).toMatchObject({ code });
  });
});

describe('a read with all keys at hand', () => {
  it('is decided, written down and read in one statement', async () => {
    await fixture.release.release(ask());
    const asked: string[] = [];
    const counting = {
      query: (text: string, values: unknown[]) => {
        asked.push(text);
        return fixture.cell.query(text, values);
      },
    } as unknown as Database;
    const options = { vault: fixture.vault, audience: AUDIENCE, issuer: 'http://core.test' };
    const audit = new ReadAudit({ database: counting });
    const release = new ReleaseAttributes({ ...options, audit, database: counting });
    expect(await release.release(ask())).toEqual({ 'contact:email': 'sample-amber@example.com' });
    expect(asked).toEqual([expect.stringContaining('cell.release_attributes(')]);
    expect(await releasedTo(subjectId)).toHaveLength(2);
  });

  it.each(endings)('is committed before it is acknowledged that %s', async (_how, _code, end) => {
    const order: string[] = [];
    let ending: Promise<unknown> = Promise.resolve();
    await fixture.cell.inTenant(TENANT, async (tx) => {
      const [decision] = await releaseAll(tx, [{ ...ask(), storedNames: NAMES, entry: ENTRY }], {
        audience: AUDIENCE,
        now: new Date(),
      });
      expect(decision).toMatchObject({ outcome: 'released', is_written: true });
      ending = end().then(() => order.push('acknowledged'));
      await untilSomebodyWaits();
      order.push('written');
    });
    await ending;
    expect(order).toEqual(['written', 'acknowledged']);
    expect(await releasedTo(subjectId)).toHaveLength(1);
  });

  it('waits for a withdrawal under way, and is refused by it', async () => {
    await fixture.release.release(ask());
    let answer: Promise<unknown> = Promise.resolve();
    await fixture.cell.inTenant(TENANT, async (tx) => {
      await tx.query(
        `update cell.consents set state = 'withdrawn', withdrawn_at = now() where tenant_id = $1 and consent_id = $2`,
        [TENANT, consentId],
      );
      answer = fixture.release.release(ask()).catch((error: unknown) => error);
      await untilSomebodyWaits();
    });
    expect(await answer).toMatchObject({ code: 'consent_required' });
    expect(await releasedTo(subjectId)).toHaveLength(1);
  });

  it('does not wait for the end of another person’s permission, though they share the statement', async () => {
    const other = await addPerson(fixture.admin);
    await addConsent(fixture.admin, { subjectId: other, attribute: 'contact:email' });
    const tokenOfOther = await issueToken(fixture.admin, { siteId: 'shop-a', subjectId: other });
    await fixture.release.release(ask());
    const settled: string[] = [];
    let waiting: Promise<unknown> = Promise.resolve();
    await fixture.cell.inTenant(TENANT, async (tx) => {
      await tx.query(
        `update cell.consents set state = 'withdrawn', withdrawn_at = now() where subject_id = $1`,
        [other],
      );
      waiting = fixture.release
        .release({ ...ask(), accessToken: tokenOfOther })
        .catch((error: { code: string }) => settled.push(error.code));
      await Promise.all(Array.from({ length: 8 }, () => fixture.release.release(ask())));
      await untilSomebodyWaits();
      settled.push('others are answered');
    });
    await waiting;
    expect(settled).toEqual(['others are answered', 'consent_required']);
    expect(await releasedTo(other)).toEqual([]);
  });
});

describe('a read that is being written down', () => {
  it.each(endings)('is committed before it is acknowledged that %s', async (_how, _code, end) => {
    const order: string[] = [];
    let ending: Promise<unknown> = Promise.resolve();
    await fixture.cell.inTenant(TENANT, async (tx) => {
      const [person] = await fixture.admin.query<{ epoch: number }>(
        'select epoch from cell.people where subject_id = $1',
        [subjectId],
      );
      const guard = {
        tokenHash: hash('sha256', accessToken, 'buffer'),
        audience: AUDIENCE,
        subjectId,
        epoch: person?.epoch ?? 0,
        consentIds: [consentId],
      };
      const entry = { ...ENTRY, siteId: 'shop-a' };
      expect(await appendReads(tx, [{ entry, guard }])).toEqual([true]);
      ending = end().then(() => order.push('acknowledged'));
      await untilSomebodyWaits();
      order.push('written');
    });
    await ending;
    expect(order).toEqual(['written', 'acknowledged']);
  });
});

/** Until a transaction waits for the keys that the read holds. */
async function untilSomebodyWaits(): Promise<void> {
  const waiting = `select 1 from pg_locks l join pg_database d on d.oid = l.database
    where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`;
  await until(() => fixture.admin.query(waiting), 'somebody who waits for the read');
}
