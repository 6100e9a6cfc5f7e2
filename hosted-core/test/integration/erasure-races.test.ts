import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideConsent } from '../../src/cell/consent/decide-consent.ts';
import { empty } from '../../src/cell/erasure/erase-person.ts';
import { holdForErasure } from '../../src/cell/erasure/erasures-repository.ts';
import { newToken, tokenHash } from '../../src/cell/people/opaque-token.ts';
import { signInPerson } from '../../src/cell/people/sign-in-person.ts';
import { holdSubject } from '../../src/core/erasure/erasure-notices-repository.ts';
import { eraseAtCore } from '../../src/core/erasure/receive-erasure.ts';
import { GrantRepository } from '../../src/core/grants/grant-repository.ts';
import { receiveConsentChange } from '../../src/core/grants/receive-consent-change.ts';
import type { Queryable } from '../../src/database/database.ts';
import { newUserRef, randomBase32 } from '../../src/ids/random-ids.ts';
import { type CellFixture, createCellFixture, TENANT } from '../support/cell-fixture.ts';
import { addFullPerson, EMAIL, type FullPerson, placesOf } from '../support/erasable-person.ts';
import { erasureOn } from '../support/erasure-fixture.ts';
import { heldOpen, whileOpen } from '../support/interleave.ts';
import { PURPOSE } from '../support/running-cell.ts';

let fixture: CellFixture;
let person: FullPerson;
let erasure: ReturnType<typeof erasureOn>;
let requestId: string;
beforeAll(async () => {
  fixture = await createCellFixture();
});
afterAll(() => fixture.drop());
beforeEach(async () => {
  person = await addFullPerson(fixture);
  erasure = erasureOn(fixture);
  requestId = `request-${randomBase32(12)}`;
});
afterEach(async () => {
  // Whatever raced with it, the person is gone afterwards.
  expect(await placesOf(fixture.admin, [person.subjectId])).toEqual([]);
});

const key = () => ({ tenantId: TENANT, subjectId: person.subjectId });
const erase = () => erasure.erase(person.subjectId, requestId);
/** An erasure in the cell that has not committed yet. */
const erasing = () =>
  heldOpen(fixture.cell, TENANT, async (tx) => {
    await holdForErasure(tx, key());
    await empty(tx, key());
    const at = new Date();
    await erasure.inCell.write(tx, { ...key(), requestId, erasedAt: at, backupsUntil: at });
  });
/** An erasure at the core that has not committed yet. */
const erasingAtCore = () =>
  heldOpen(fixture.core, TENANT, async (tx) => {
    const at = new Date();
    const notice = { ...key(), requestId, erasedAt: at, backupsUntil: at };
    const { links } = await holdSubject(tx, notice);
    await eraseAtCore(tx, notice, links, async () => void (await erasure.atCore.write(tx, notice)));
  });

const CELL_WRITES: [string, (tx: Queryable) => Promise<unknown>][] = [
  [
    'an import of the profile',
    (tx) =>
      fixture.vault.storeAttributes(tx, {
        ...key(),
        values: [{ attribute: 'contact:email', value: EMAIL, source: 'upstream' }],
      }),
  ],
  [
    'a consent',
    (tx) =>
      decideConsent(
        tx,
        {
          ...key(),
          ...{
            siteId: 'shop-a',
            purpose: PURPOSE,
            asked: ['address:shipping'],
            selected: ['address:shipping'],
          },
          ...{ duration: 'days_30', locale: 'en' },
        },
        new Date(),
      ),
  ],
];

describe('a write in the cell', () => {
  it.each(CELL_WRITES)('that began before the erasure is erased with the rest: %s', async (_name, write) => {
    const held = await heldOpen(fixture.cell, TENANT, write);
    await whileOpen(held, fixture.admin, erase);
  });

  it.each(CELL_WRITES)('that comes during the erasure finds nobody: %s', async (_name, write) => {
    const held = await erasing();
    const attempt = whileOpen(held, fixture.admin, () => fixture.cell.inTenant(TENANT, write));
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
    await eraseAtCoreToo();
  });

  it('that asks nobody is refused by the database itself', async () => {
    const held = await erasing();
    const attempt = whileOpen(held, fixture.admin, () =>
      fixture.cell.inTenant(TENANT, (tx) =>
        tx.query(
          `insert into cell.identifiers (tenant_id, kind, index_hmac, index_version, subject_id) values ($1, 'upstream', $2, 1, $3)`,
          [TENANT, tokenHash('x'), person.subjectId],
        ),
      ),
    );
    await expect(attempt).rejects.toMatchObject({ code: '23503' });
    await eraseAtCoreToo();
  });
});

describe('a sign-in', () => {
  const identity = {
    ...{ sub: 'amber', amr: ['pwd'], acr: undefined, authTime: undefined },
    profile: async () => ({ email: EMAIL }),
  };
  const context = { requestId: 'r', forced: false };
  const deps = () => ({
    ...{ database: fixture.cell, vault: fixture.vault, tenantId: TENANT, issuer: 'http://upstream.test' },
    now: () => new Date(),
  });
  const subjectOf = async (token: string) => {
    const [row] = await fixture.admin.query<{ subject_id: string }>(
      'select subject_id from cell.account_sessions where session_hash = $1',
      [tokenHash(token)],
    );
    return row?.subject_id ?? 'nobody';
  };

  it('after an erasure makes a new person with nothing of the old one', async () => {
    const before = await subjectOf((await signInPerson(deps(), identity, context)).token);
    const old = await keysAndRefs(before);
    await erasure.erase(before, `request-${randomBase32(8)}`);
    const after = await subjectOf((await signInPerson(deps(), identity, context)).token);
    expect(after).not.toBe(before);
    const fresh = await keysAndRefs(after);
    expect(fresh.keyIds.length).toBeGreaterThan(0);
    expect(fresh.keyIds.filter((one) => old.keyIds.includes(one))).toEqual([]);
    expect(fresh.auditRef).not.toBe(old.auditRef);
    const consents = await fixture.admin.query('select 1 from cell.consents where subject_id = $1', [after]);
    expect(consents).toEqual([]);
    await erasure.erase(after, `request-${randomBase32(8)}`);
    await erase();
  });

  it('that found the person just before the erasure lets a new person in', async () => {
    const first = await subjectOf((await signInPerson(deps(), identity, context)).token);
    const held = await heldOpen(fixture.cell, TENANT, async (tx) => {
      await holdForErasure(tx, { tenantId: TENANT, subjectId: first });
      await empty(tx, { tenantId: TENANT, subjectId: first });
    });
    const { token } = await whileOpen(held, fixture.admin, () => signInPerson(deps(), identity, context));
    expect(await subjectOf(token)).not.toBe(first);
    await erasure.erase(await subjectOf(token), `request-${randomBase32(8)}`);
    await erase();
  });

  it('gives no outcome for a person who is being erased', async () => {
    const hash = tokenHash(newToken());
    await fixture.admin.query(
      `insert into cell.interactions (tenant_id, interaction_hash, request, browser_hash, created_at, expires_at)
       values ($1, $2, '{}', $2, now(), now() + interval '1 hour')`,
      [TENANT, hash],
    );
    const held = await erasing();
    const outcome = { result: 'signed_in', subjectId: person.subjectId };
    const [row] = await whileOpen(held, fixture.admin, () =>
      fixture.cell.query<{ result: string }>(
        'select cell.finish_interaction($1, $2, $2, $3, $2, now(), $4) as result',
        [TENANT, hash, outcome, JSON.stringify([{ tenant_id: TENANT, action: 'interaction.finished' }])],
      ),
    );
    expect(row?.result).toBe('gone');
    await eraseAtCoreToo();
  });
});

describe('at the core', () => {
  const lateOutcome = () => erasure.subjects.ensure(person.subjectId, 'eu');

  it('an outcome that comes after the erasure brings nobody back', async () => {
    await erase();
    expect(await lateOutcome()).toBe(false);
  });

  it('an outcome that comes during the erasure brings nobody back', async () => {
    await fixture.admin.query('delete from core.oidc_artifacts where subject_id = $1', [person.subjectId]);
    await fixture.admin.query('delete from core.pairwise_links where subject_id = $1', [person.subjectId]);
    await fixture.admin.query('delete from core.status_entries where subject_id = $1', [person.subjectId]);
    await fixture.admin.query('delete from core.subjects where subject_id = $1', [person.subjectId]);
    const held = await erasingAtCore();
    expect(await whileOpen(held, fixture.admin, lateOutcome)).toBe(false);
    await erase();
  });

  it('a first sign-in that came before is erased, and its site is told', async () => {
    const userRef = newUserRef();
    await fixture.admin.query(`delete from core.pairwise_links where user_ref = $1`, [
      person.userRefs['shop-b'],
    ]);
    const held = await heldOpen(fixture.core, TENANT, (tx) =>
      tx.query('select core.connect_site($1, $2, $3, $4)', [TENANT, 'shop-b', person.subjectId, userRef]),
    );
    const receipt = await whileOpen(held, fixture.admin, erase);
    expect(receipt.sites?.map((site) => site.siteId)).toEqual(['shop-a', 'shop-b']);
  });

  it('a first sign-in during the erasure gets no pseudonym', async () => {
    await fixture.admin.query(`delete from core.pairwise_links where user_ref = $1`, [
      person.userRefs['shop-b'],
    ]);
    const held = await erasingAtCore();
    const connect = () => erasure.subjects.connect('shop-b', person.subjectId);
    expect(await whileOpen(held, fixture.admin, connect)).toBeUndefined();
    await erase();
  });

  const writeToken = (tx: Queryable) =>
    tx.query<{ written: boolean }>('select core.write_artifacts($1, $2) as written', [
      TENANT,
      JSON.stringify({
        put: [
          {
            ...{ id: tokenHash(newToken()).toString('hex'), kind: 'AccessToken', payload: {}, grant: null },
            ...{ session_uid: null, site_id: 'shop-a', subject_id: person.subjectId, exp: 4_000_000_000 },
          },
        ],
      }),
    ]);

  it('a token that was written before is erased', async () => {
    const held = await heldOpen(fixture.core, TENANT, writeToken);
    await whileOpen(held, fixture.admin, erase);
  });

  it('a token that is written during the erasure is not written', async () => {
    const held = await erasingAtCore();
    const [row] = await whileOpen(held, fixture.admin, () => fixture.core.inTenant(TENANT, writeToken));
    expect(row?.written).toBe(false);
    await erase();
  });

  it('a consent change that comes during the erasure tells no site', async () => {
    const held = await erasingAtCore();
    const grants = new GrantRepository(TENANT);
    const { subjects } = erasure;
    await whileOpen(held, fixture.admin, () =>
      receiveConsentChange(
        { database: fixture.core, grants, subjects },
        {
          ...key(),
          ...{ eventId: `ntc_${randomBase32(26)}`, siteId: 'shop-a', change: 'withdrawn' },
          ...{ consents: [{ consentId: person.consentId, attribute: 'contact:email' }] },
          ...{ purposeId: 'order_delivery', occurredAt: new Date() },
        },
      ),
    );
    const events = await fixture.admin.query<{ type: string }>(
      'select type from core.webhook_events where user_ref = $1',
      [person.userRefs['shop-a']],
    );
    expect(events.map((event) => event.type)).toEqual(['subject.erased']);
    await erase();
  });

  it('an erasure during the counting of reads makes no circle of waiting', async () => {
    const reads = JSON.stringify([
      { consent_id: person.consentId, reads: 1, last_read_at: new Date().toISOString() },
    ]);
    const counting = Array.from({ length: 30 }, () =>
      fixture.cell.query('select cell.count_reads($1, $2)', [TENANT, reads]),
    );
    await Promise.all([...counting, erase()]);
  });
});

/** The half that a test has not erased itself, so that all is gone at its end. */
async function eraseAtCoreToo(): Promise<void> {
  const at = new Date();
  await erasure.core.subjectErased({ ...key(), requestId, erasedAt: at, backupsUntil: at });
}

async function keysAndRefs(subjectId: string) {
  const keys = await fixture.admin.query<{ key_id: string }>(
    'select key_id from cell_keys.subject_keys where subject_id = $1',
    [subjectId],
  );
  const [row] = await fixture.admin.query<{ audit_ref: string }>(
    'select audit_ref from cell.people where subject_id = $1',
    [subjectId],
  );
  return { keyIds: keys.map((one) => one.key_id), auditRef: row?.audit_ref };
}
