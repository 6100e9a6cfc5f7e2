import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { Settings } from '../../../src/config/settings.ts';
import { WebhookEndpoints } from '../../../src/core/webhooks/webhook-endpoints.ts';
import { Database } from '../../../src/database/database.ts';
import { newUserRef, randomBase32 } from '../../../src/ids/random-ids.ts';
import { SecretBox } from '../../../src/secrets/secret-box.ts';
import type { RunningCore } from '../../children/core.ts';
import type { SuiteContext } from '../../settings.ts';
import { startCore } from '../start-core.ts';

export const PURPOSE = 'order_delivery';
export const ATTRIBUTE = 'contact:email';
const SITE_SECRET = randomBytes(24).toString('base64url');

export interface User {
  readonly siteId: string;
  readonly subjectId: string;
  readonly userRef: string;
  /** Of the person, for the cell. */
  readonly accessToken: string;
}

/** A running core and cell, and quick ways to people it: through the database, not through pages. */
export class Stage {
  readonly core: RunningCore;
  readonly settings: Settings;
  readonly admin: pg.Pool;
  readonly database: Database;

  private constructor(core: RunningCore) {
    this.core = core;
    const dataDir = dirname(dirname(core.serverLog));
    this.settings = loadSettings({ environment: {}, file: join(dataDir, 'core.env') });
    this.admin = new pg.Pool({ connectionString: core.adminDatabaseUrl, max: 4 });
    this.database = new Database({
      ...{ connectionString: this.settings.core.databaseUrl, applicationName: 'bench', maxConnections: 8 },
    });
  }

  static async open(context: SuiteContext): Promise<Stage> {
    const stage = new Stage(await startCore(context, { people: [], sites: [] }));
    context.defer(async () => {
      await stage.admin.end();
      await stage.database.close();
    });
    return stage;
  }

  async addSites(count: number, prefix: string): Promise<string[]> {
    const siteIds = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    await this.admin.query(
      `insert into core.sites (tenant_id, site_id, name, origin, redirect_uris, secret_sha256)
       select $1, s, s, 'http://localhost:9', '{http://localhost:9/callback}', $3 from unnest($2::text[]) s`,
      [this.settings.tenantId, siteIds, createHash('sha256').update(SITE_SECRET).digest()],
    );
    return siteIds;
  }

  async addEndpoint(siteId: string, url: string): Promise<void> {
    const { tenantId, outbound: policy } = this.settings;
    const secretBox = SecretBox.fromKeyFile(this.settings.core.secretFile);
    const endpoints = new WebhookEndpoints({ secretBox, policy });
    await this.database.inTenant(tenantId, (tx) => endpoints.register(tx, { tenantId, siteId, url }));
  }

  /** One person at each of these sites, who shares an attribute, with a live access token. */
  async addUsers(siteIds: readonly string[]): Promise<User[]> {
    const users = siteIds.map((siteId) => ({
      ...{ siteId, subjectId: randomUUID(), userRef: newUserRef(), accessToken: randomBase32(52) },
    }));
    const { tenantId, region, cell } = this.settings;
    const grants = users.map(() => createHash('sha256').update(randomBase32(52)).digest());
    const columns = [
      users.map(({ subjectId }) => subjectId),
      users.map(({ siteId }) => siteId),
      users.map(({ userRef }) => userRef),
      users.map(({ accessToken }) => createHash('sha256').update(accessToken).digest()),
      grants,
      users.map(() => `con_${randomBase32(26)}`),
    ];
    const rows =
      'unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[], $7::text[]) as u(subject, site, ref, token, grnt, consent)';
    const statements = [
      `insert into core.subjects (tenant_id, subject_id, region) select $1, subject, '${region}' from ${rows}`,
      `insert into cell.people (tenant_id, subject_id) select $1, subject from ${rows}`,
      `insert into core.pairwise_links (tenant_id, site_id, subject_id, user_ref) select $1, site, subject, ref from ${rows}`,
      `insert into core.oidc_artifacts (tenant_id, id_sha256, kind, payload, site_id, subject_id, expires_at)
       select $1, grnt, 'Grant', '{}', site, subject, now() + interval '1 hour' from ${rows}`,
      `insert into core.oidc_artifacts (tenant_id, id_sha256, kind, payload, grant_sha256, site_id, subject_id, expires_at)
       select $1, token, 'AccessToken', '{"aud":"${cell.url}"}', grnt, site, subject, now() + interval '1 hour' from ${rows}`,
      `insert into cell.consents (tenant_id, consent_id, subject_id, site_id, attribute, purpose_id, purpose_version,
         purpose_text_sha256, locale, state, decided_at, expires_at)
       select $1, consent, subject, site, '${ATTRIBUTE}', '${PURPOSE}', 1, sha256('text'), 'en', 'granted', now(),
         now() + interval '30 days' from ${rows}`,
    ];
    for (const statement of statements) await this.admin.query(statement, [tenantId, ...columns]);
    return users;
  }

  /** As the site does it. Resolves when the core has acknowledged. */
  async revoke({ siteId, userRef }: User): Promise<void> {
    const response = await fetch(`${this.core.issuer}/v1/users/${userRef}/revoke`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${siteId}:${SITE_SECRET}`).toString('base64')}` },
    });
    if (response.status !== 204) throw new Error(`a revocation was answered with ${response.status}`);
  }

  get readPath(): string {
    return `/v1/attributes?names=${ATTRIBUTE}&purpose=${PURPOSE}`;
  }
}

/** A server on loopback that stands for many sites, by path. */
export async function listen(
  context: SuiteContext,
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    answer(request, response, Buffer.concat(chunks).toString());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  context.defer(async () => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
