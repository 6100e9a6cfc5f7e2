import { randomBytes } from 'node:crypto';
import { newToken, tokenHash } from '../../src/cell/people/opaque-token.ts';
import type { Database } from '../../src/database/database.ts';
import { randomBase32 } from '../../src/ids/random-ids.ts';
import {
  addConsent,
  addPerson,
  type CellFixture,
  connect,
  issueToken,
  store,
  TENANT,
} from './cell-fixture.ts';

/** Two values that are found nowhere else. */
export const EMAIL = 'amber.canary@mail.example';
export const STREET = 'Canary Street 9';

/** A person with something in every table that can hold something about a person. */
export async function addFullPerson(fixture: CellFixture) {
  const { admin } = fixture;
  const subjectId = await addPerson(admin);
  await store(fixture, subjectId, {
    'contact:email': EMAIL,
    'profile:name': 'Amber Canary',
    'address:shipping': { street_address: STREET, locality: 'Town', postal_code: '1000', country: 'AT' },
  });
  await admin.query(
    `insert into cell.identifiers (tenant_id, kind, index_hmac, index_version, subject_id) values ($1, 'upstream', $2, 1, $3)`,
    [TENANT, randomBytes(32), subjectId],
  );
  const userRefs = {
    'shop-a': await connect(admin, subjectId, 'shop-a'),
    'shop-b': await connect(admin, subjectId, 'shop-b'),
  };
  const consentId = await addConsent(admin, { subjectId, attribute: 'contact:email' });
  await admin.query(
    `insert into cell.consent_events (tenant_id, consent_id, change, subject_id, site_id, attribute, purpose_id,
       purpose_version, locale, occurred_at)
     values ($1, $2, 'granted', $3, 'shop-a', 'contact:email', 'order_delivery', 1, 'en', now())`,
    [TENANT, consentId, subjectId],
  );
  const sessionToken = await addSession(admin, subjectId);
  await addUpstreamAccount(admin, { subjectId, sessionToken });
  await addInteractions(admin, subjectId);
  const accessToken = await issueToken(admin, { siteId: 'shop-a', subjectId });
  await addOldWebhook(admin, userRefs['shop-a']);
  await addPassport(admin, subjectId);
  await addRequests(admin, subjectId);
  await addHistory(admin, { subjectId, consentId, userRef: userRefs['shop-a'] });
  return { subjectId, userRefs, consentId, sessionToken, accessToken };
}

export type FullPerson = Awaited<ReturnType<typeof addFullPerson>>;

async function addSession(admin: Database, subjectId: string): Promise<string> {
  const token = newToken();
  await admin.query(
    `insert into cell.account_sessions (tenant_id, session_hash, subject_id, assurance_level, amr, auth_time, forced, created_at, expires_at)
     values ($1, $2, $3, 'low', '{pwd}', now(), false, now(), now() + interval '1 hour')`,
    [TENANT, tokenHash(token), subjectId],
  );
  return token;
}

async function addUpstreamAccount(
  admin: Database,
  { subjectId, sessionToken }: { subjectId: string; sessionToken: string },
): Promise<void> {
  await admin.query(
    `insert into cell.upstream_accounts (tenant_id, subject_id, account_ref, sealed_sub)
     values ($1, $2, gen_random_uuid(), 'sealed')`,
    [TENANT, subjectId],
  );
  await admin.query(
    'insert into cell.upstream_sessions (tenant_id, session_hash, subject_id) values ($1, $2, $3)',
    [TENANT, tokenHash(sessionToken), subjectId],
  );
}

async function addInteractions(admin: Database, subjectId: string): Promise<void> {
  const insert = (request: object, outcome: object | null) =>
    admin.query(
      `insert into cell.interactions (tenant_id, interaction_hash, request, outcome, created_at, expires_at)
       values ($1, $2, $3, $4, now(), now() + interval '1 hour')`,
      [TENANT, tokenHash(randomBase32(20)), request, outcome],
    );
  await insert({ kind: 'consent', subjectId, site: { siteId: 'shop-a' } }, null);
  await insert({ kind: 'login', site: { siteId: 'shop-a' } }, { result: 'signed_in', subjectId });
}

/** What people see of their past, and what sites keep sealed. */
async function addHistory(
  admin: Database,
  { subjectId, consentId, userRef }: { subjectId: string; consentId: string; userRef: string },
): Promise<void> {
  await admin.query(
    `insert into cell.consent_receipts (tenant_id, receipt_id, subject_id, site_id, site_name, site_origin, purpose_id,
       purpose_version, purpose_text_sha256, locale, consent_ids, decided_at)
     values ($1, $2, $3, 'shop-a', 'Shop', 'http://shop.test', 'order_delivery', 1, sha256('text'), 'en', $4, now())`,
    [TENANT, `rcp_${randomBase32(26)}`, subjectId, [consentId]],
  );
  await admin.query(
    `insert into cell.site_disconnections (tenant_id, request_id, subject_id, site_id, site_name, requested_at)
     values ($1, $2, $3, 'shop-b', 'Shop', now())`,
    [TENANT, `dis_${randomBase32(26)}`, subjectId],
  );
  await admin.query(
    `insert into cell.sign_ins (tenant_id, subject_id, amr, occurred_at) values ($1, $2, '{pwd}', now())`,
    [TENANT, subjectId],
  );
  await admin.query(
    `insert into cell.sealed_envelopes (tenant_id, envelope_id, subject_id, site_id, user_ref, attributes, purpose_id,
       order_sha256, not_before, expires_at, sealed_at, destroyed_at, destroyed_because)
     values ($1, $2, $3, 'shop-a', $4, '{contact:email}', 'order_delivery', sha256('order'), now(),
       now() + interval '1 day', now(), now(), 'window_ended')`,
    [TENANT, `sea_${randomBase32(26)}`, subjectId, userRef],
  );
}

/** What a person has changed, asked for, and where the reconciliation with the upstream came by. */
async function addRequests(admin: Database, subjectId: string): Promise<void> {
  await admin.query(
    `insert into cell.attribute_changes (tenant_id, change_id, subject_id, attributes, occurred_at)
     values ($1, $2, $3, '{contact:email}', now())`,
    [TENANT, `chg_${randomBase32(26)}`, subjectId],
  );
  await admin.query(
    `insert into cell.deletion_requests (tenant_id, subject_id, request_id, requested_at, due_at)
     values ($1, $2, $3, now(), now() + interval '7 days')`,
    [TENANT, subjectId, `del_${randomBase32(26)}`],
  );
  await admin.query(
    `insert into cell.upstream_pages (tenant_id, round_id, page, subject_ids)
     select $1, 1, coalesce(max(page), 0) + 1, array[$2::uuid] from cell.upstream_pages where tenant_id = $1`,
    [TENANT, subjectId],
  );
}

async function addPassport(admin: Database, subjectId: string): Promise<void> {
  const listId = randomBase32(26);
  await admin.query(
    `with list as (
       insert into core.status_lists (tenant_id, list_id, site_id, size, decoys, bits, accepts)
       values ($1, $2, 'shop-a', 8, '\\x00', '\\x00', false))
     insert into core.status_entries (tenant_id, list_id, idx, site_id, subject_id, expires_at)
     values ($1, $2, 3, 'shop-a', $3, now() + interval '1 hour')`,
    [TENANT, listId, subjectId],
  );
}

/** An event from before, delivered to an endpoint of the site. */
async function addOldWebhook(admin: Database, userRef: string): Promise<void> {
  const eventId = `evt_${randomBase32(26)}`;
  await admin.query(
    `insert into core.webhook_events (tenant_id, event_id, site_id, type, user_ref, body, occurred_at)
     values ($1, $2, 'shop-a', 'consent.granted', $3, $4, now())`,
    [TENANT, eventId, userRef, Buffer.from('{}')],
  );
  await admin.query(
    `with endpoint as (
       insert into core.webhook_endpoints (tenant_id, site_id, url, sealed_secret)
       values ($1, 'shop-a', 'http://127.0.0.1:1/', '') returning endpoint_id), delivery as (
       insert into core.webhook_deliveries (tenant_id, event_id, endpoint_id, user_ref, state, finished_at)
       select $1, $2, endpoint_id, $3, 'delivered', now() from endpoint returning delivery_id)
     insert into core.webhook_attempts (tenant_id, delivery_id, started_at, latency_ms, status)
     select $1, delivery_id, now(), 3, 204 from delivery`,
    [TENANT, eventId, userRef],
  );
}

/** Every place in all tables of ours, queues included, where one of the texts stands: `schema.table: text`. */
export async function placesOf(admin: Database, texts: readonly string[]): Promise<string[]> {
  const tables = await admin.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`,
  );
  const places: string[] = [];
  for (const { name } of tables)
    for (const text of texts) {
      const [row] = await admin.query<{ found: boolean }>(
        `select exists (select 1 from ${name} t where to_jsonb(t)::text ilike '%' || $1 || '%') as found`,
        [text],
      );
      if (row?.found) places.push(`${name}: ${text}`);
    }
  return places;
}
