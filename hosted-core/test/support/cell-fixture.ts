import { hash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadAudit } from '../../src/cell/attributes/read-audit.ts';
import { ReleaseAttributes } from '../../src/cell/attributes/release-attributes.ts';
import type { KeyWrapper } from '../../src/cell/kms/key-wrapper.ts';
import { openLocalKeyFile } from '../../src/cell/kms/local-key-file.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import type { Database } from '../../src/database/database.ts';
import { newUserRef, randomBase32 } from '../../src/ids/random-ids.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export const AUDIENCE = 'http://cell.test';
export const TENANT = 'acme';
/** What consents are for, unless a test says otherwise. */
export const PURPOSE = 'order_delivery';
export const ADDRESS = { street_address: 'Canary Street 7', locality: 'Tartu', country: 'EE' };

export interface CellFixture extends TestDatabase {
  readonly vault: Vault;
  readonly audit: ReadAudit;
  readonly release: ReleaseAttributes;
  readonly keyWrapper: KeyWrapper;
  /** The root key, as a file. */
  readonly keyFile: string;
  /** Another process's vault on the same database: nothing cached yet. */
  coldVault(region?: string): Vault;
}

/** A database with tenants and sites, and the cell's vault and release on it. */
export async function createCellFixture(): Promise<CellFixture> {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'userref-cell-'));
  const keyFile = join(folder, 'vault.key');
  const keyWrapper = await openLocalKeyFile({ path: keyFile, whenMissing: 'create' });
  const coldVault = (region = 'eu') => new Vault({ database: database.cell, keyWrapper, region });
  const vault = coldVault();
  const audit = new ReadAudit({ database: database.cell });
  const release = new ReleaseAttributes({
    database: database.cell,
    vault,
    audit,
    audience: AUDIENCE,
    issuer: 'http://core.test',
  });
  for (const tenant of [TENANT, 'other']) {
    await database.admin.query('insert into core.tenants (tenant_id, issuer) values ($1, $2)', [
      tenant,
      `http://${tenant}.test`,
    ]);
    for (const site of ['shop-a', 'shop-b']) {
      await database.admin.query(
        `insert into core.sites (tenant_id, site_id, name, origin, redirect_uris, initiate_login_uri, secret_sha256)
         values ($1, $2, $2, 'http://shop.test', '{}', 'http://shop.test/userref/login?from=cell', '')`,
        [tenant, site],
      );
    }
  }
  const drop = async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  };
  return { ...database, drop, vault, audit, release, keyWrapper, keyFile, coldVault };
}

/** A person known to core and cell alike. */
export async function addPerson(admin: Database, tenantId: string = TENANT): Promise<string> {
  const subjectId = randomUUID();
  await admin.query(`insert into core.subjects (tenant_id, subject_id, region) values ($1, $2, 'eu')`, [
    tenantId,
    subjectId,
  ]);
  await admin.query('insert into cell.people (tenant_id, subject_id) values ($1, $2)', [tenantId, subjectId]);
  return subjectId;
}

/** Connects a person to a site; answers with their user_ref there. */
export async function connect(admin: Database, subjectId: string, siteId: string): Promise<string> {
  const userRef = newUserRef();
  await admin.query(
    'insert into core.pairwise_links (tenant_id, site_id, subject_id, user_ref) values ($1, $2, $3, $4)',
    [TENANT, siteId, subjectId, userRef],
  );
  return userRef;
}

interface TokenFacts {
  readonly siteId: string;
  readonly subjectId?: string;
  readonly audience?: string;
  readonly secondsToLive?: number;
}

/** A live access token as the core stores it: of a person with its grant, or of a site by itself. */
export async function issueToken(admin: Database, facts: TokenFacts): Promise<string> {
  const { siteId, subjectId, audience = AUDIENCE, secondsToLive = 600 } = facts;
  const token = randomBase32(52);
  const grant = subjectId ? hash('sha256', randomBase32(52), 'buffer') : null;
  const insert = (id: Buffer, kind: string, payload: object, grantId: Buffer | null) =>
    admin.query(
      `insert into core.oidc_artifacts
         (tenant_id, id_sha256, kind, payload, grant_sha256, site_id, subject_id, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8))`,
      [TENANT, id, kind, payload, grantId, siteId, subjectId ?? null, secondsToLive],
    );
  if (grant) await insert(grant, 'Grant', {}, null);
  const kind = subjectId ? 'AccessToken' : 'ClientCredentials';
  await insert(hash('sha256', token, 'buffer'), kind, { aud: audience }, grant);
  return token;
}

interface ConsentFacts {
  readonly subjectId: string;
  readonly attribute: string;
  readonly siteId?: string;
  readonly purpose?: string;
  readonly state?: 'granted' | 'denied' | 'withdrawn' | 'expired';
  /** Days from now; negative for the past. */
  readonly expiresInDays?: number;
}

export async function addConsent(admin: Database, facts: ConsentFacts): Promise<string> {
  const { siteId = 'shop-a', purpose = PURPOSE, state = 'granted', expiresInDays = 30 } = facts;
  const consentId = `con_${randomBase32(26)}`;
  await admin.query(
    `insert into cell.consents (tenant_id, consent_id, subject_id, site_id, attribute, purpose_id, purpose_version,
       purpose_text_sha256, locale, state, decided_at, expires_at, withdrawn_at)
     values ($1, $2, $3, $4, $5, $6, 1, sha256('text'), 'en', $7, now() - interval '1 hour',
       now() + make_interval(days => $8), case when $7 = 'withdrawn' then now() end)`,
    [TENANT, consentId, facts.subjectId, siteId, facts.attribute, purpose, state, expiresInDays],
  );
  return consentId;
}

/** Puts values into the vault as the sign-in page would. */
export async function store(
  fixture: CellFixture,
  subjectId: string,
  values: Record<string, unknown>,
  tenantId: string = TENANT,
): Promise<void> {
  const list = Object.entries(values).map(([attribute, value]) => ({ attribute, value, source: 'upstream' }));
  await fixture.cell.inTenant(tenantId, (tx) =>
    fixture.vault.storeAttributes(tx, { tenantId, subjectId, values: list }),
  );
}

export interface AuditRow {
  readonly action: string;
  readonly site_id: string | null;
  readonly subject_ref: string | null;
  readonly data: Record<string, unknown>;
}

/** The cell's audit entries about reads, oldest first. */
export function auditRows(admin: Database, action: string): Promise<AuditRow[]> {
  return admin.query<AuditRow>(
    'select action, site_id, subject_ref, data from cell.audit_events where action = $1 order by entry_id',
    [action],
  );
}
