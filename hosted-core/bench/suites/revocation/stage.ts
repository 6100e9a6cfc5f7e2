import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { Settings } from '../../../src/config/settings.ts';
import { WebhookEndpoints } from '../../../src/core/webhooks/webhook-endpoints.ts';
import { Database } from '../../../src/database/database.ts';
import { SecretBox } from '../../../src/secrets/secret-box.ts';
import type { RunningCore } from '../../children/core.ts';
import type { SuiteContext } from '../../settings.ts';
import { addPeople, addSites, type StagedPerson } from '../add-people.ts';
import { startCore } from '../start-core.ts';

export const PURPOSE = 'order_delivery';
export const ATTRIBUTE = 'contact:email';
const SITE_SECRET = randomBytes(24).toString('base64url');

export type User = StagedPerson;

/** A running core and cell, and quick ways to people it: through the database, not through pages. */
export class Stage {
  readonly core: RunningCore;
  readonly settings: Settings;
  readonly admin: Database;
  readonly database: Database;

  private constructor(core: RunningCore) {
    this.core = core;
    const dataDir = dirname(dirname(core.serverLog));
    this.settings = loadSettings({ environment: {}, file: join(dataDir, 'core.env') });
    const applicationName = 'bench';
    this.admin = new Database({
      connectionString: core.adminDatabaseUrl,
      applicationName,
      maxConnections: 4,
    });
    this.database = new Database({
      ...{ connectionString: this.settings.core.databaseUrl, applicationName, maxConnections: 8 },
    });
  }

  static async open(context: SuiteContext): Promise<Stage> {
    const stage = new Stage(await startCore(context, { people: [], sites: [] }));
    context.defer(async () => {
      await stage.admin.close();
      await stage.database.close();
    });
    return stage;
  }

  async addSites(count: number, prefix: string): Promise<string[]> {
    const siteIds = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
    await addSites(this.admin, { tenantId: this.settings.tenantId, siteIds, secret: SITE_SECRET });
    return siteIds;
  }

  async addEndpoint(siteId: string, url: string): Promise<void> {
    const { tenantId, outbound: policy } = this.settings;
    const secretBox = SecretBox.fromKeyFile(this.settings.core.secretFile);
    const endpoints = new WebhookEndpoints({ secretBox, policy });
    await this.database.inTenant(tenantId, (tx) => endpoints.register(tx, { tenantId, siteId, url }));
  }

  /** One person at each of these sites, who shares an attribute, with a live access token. */
  addUsers(siteIds: readonly string[]): Promise<User[]> {
    const { tenantId, region, cell } = this.settings;
    return addPeople(this.admin, {
      ...{ tenantId, region, siteIds, audience: cell.url, purpose: PURPOSE, attributes: [ATTRIBUTE] },
    });
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
