import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { startHouse } from '../../src/app.ts';
import { setUp } from '../../src/cell/upstream/set-up/logto-desk.ts';
import { createVaultKeyFile } from '../../src/cell/vault/open-vault.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { Queryable } from '../../src/database/database.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { openOperator } from '../../src/operator.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { Browser } from './browser.ts';
import { startFakeLogto } from './fake-logto/fake-logto.ts';
import { openAtLogto } from './fake-logto/logto-visit.ts';
import { freePort } from './free-port.ts';
import { fieldOf, post } from './house.ts';
import { createTestDatabase } from './test-database.ts';

const CALLBACK = 'http://localhost:9/callback';
const ATTRIBUTES = ['contact:email', 'profile:name'];

/** Core and cell in one process, as the settings say, against a Logto that `setup-logto` has set up. */
export async function startLogtoHouse({ receiver, log }: { receiver: Server; log: NodeJS.WritableStream }) {
  const [database, logto] = [await createTestDatabase(), await startFakeLogto()];
  const folder = mkdtempSync(join(tmpdir(), 'userref-logto-house-'));
  SecretBox.createKeyFile(join(folder, 'core.secret'));
  await createVaultKeyFile(join(folder, 'vault.key'));
  const [corePort, cellPort] = [await freePort(), await freePort()];
  const [core, cell] = [`http://localhost:${corePort}`, `http://localhost:${cellPort}`];
  const registered = await setUp({ endpoint: logto.origin, cellUrl: cell, ...logto.bootstrap });
  const settings = loadSettings({
    environment: {
      ...{ NODE_ENV: 'test', USERREF_OUTBOUND: 'public-and-loopback', USERREF_LOG_LEVEL: 'debug' },
      ...{ USERREF_CORE_URL: core, USERREF_CELL_URL: cell },
      ...{ USERREF_CORE_LISTEN: `127.0.0.1:${corePort}`, USERREF_CELL_LISTEN: `127.0.0.1:${cellPort}` },
      ...{ USERREF_CORE_DATABASE_URL: database.coreUrl, USERREF_CELL_DATABASE_URL: database.cellUrl },
      USERREF_CORE_JOBS_DATABASE_URL: database.directCoreUrl,
      USERREF_CELL_JOBS_DATABASE_URL: database.directCellUrl,
      USERREF_CORE_SECRET_FILE: join(folder, 'core.secret'),
      USERREF_KMS: `file:${join(folder, 'vault.key')}`,
      USERREF_UPSTREAM_ISSUER: logto.issuer,
      USERREF_UPSTREAM_CLIENT_ID: registered.signIn.clientId,
      USERREF_UPSTREAM_CLIENT_SECRET: registered.signIn.clientSecret,
      USERREF_LOGTO_MANAGEMENT_CLIENT_ID: registered.management.clientId,
      USERREF_LOGTO_MANAGEMENT_CLIENT_SECRET: registered.management.clientSecret,
      USERREF_LOGTO_WEBHOOK_KEYS: registered.webhookKey,
    },
  });
  const house = await startHouse(settings, createLogger({ level: 'debug', stream: log }));
  const { secret } = await registerShop(settings, receiver);
  const config = await openid.discovery(new URL(core), 'shop', undefined, openid.ClientSecretBasic(secret), {
    execute: [openid.allowInsecureRequests],
  });

  return {
    ...{ logto, core, cell, browser: new Browser() },
    ports: {
      ...{ core: corePort, cell: cellPort, logto: Number(new URL(logto.origin).port) },
      database: Number(new URL(database.coreUrl).port),
    },
    /** Every row of both halves and their queues. */
    dump: () => dump(database.admin),
    async login(browser: Browser, username: string, wishes: Record<string, string> = {}) {
      const verifier = openid.randomPKCECodeVerifier();
      const start = await openid.buildAuthorizationUrlWithPAR(config, {
        ...{ redirect_uri: CALLBACK, scope: `openid ${ATTRIBUTES.join(' ')}`, state: 's', resource: cell },
        ...{ purpose: 'order_delivery', prompt: 'consent', code_challenge_method: 'S256' },
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        ...wishes,
      });
      let { url, response } = await openAtLogto(browser, logto, {
        url: start.href,
        username,
        stopAt: CALLBACK,
      });
      while (!url.href.startsWith(CALLBACK)) {
        const html = await response.text();
        const csrf = fieldOf(html, 'csrf');
        const answer = { csrf, decision: 'share', attribute: ATTRIBUTES, duration: 'days_30' };
        ({ url, response } = await post(browser, { page: url, html, answer, stopAt: CALLBACK }));
      }
      return openid.authorizationCodeGrant(config, url, { pkceCodeVerifier: verifier, expectedState: 's' });
    },
    async readAttributes({ access_token: token }: { access_token: string }) {
      const url = `${cell}/v1/attributes?names=${ATTRIBUTES.join(',')}&purpose=order_delivery`;
      const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      if (response.status !== 200) throw new Error(`attributes: ${response.status}`);
    },
    async visitAccount(browser: Browser) {
      for (const page of ['/account', '/account/signed-out']) await browser.fetch(`${cell}${page}`);
      for (const path of ['/healthz', '/readyz', '/nothing']) await (await fetch(`${cell}${path}`)).text();
    },
    async close() {
      await house.stop();
      await logto.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type LogtoHouse = Awaited<ReturnType<typeof startLogtoHouse>>;

async function registerShop(settings: ReturnType<typeof loadSettings>, receiver: Server) {
  const operator = openOperator(settings);
  const texts = { en: { title: 'Delivery', description: 'To send it.' } };
  const site = await operator.registerSite({
    ...{ siteId: 'shop', redirectUris: [CALLBACK], attributeScopes: ATTRIBUTES },
    purposes: [{ purposeId: 'order_delivery', version: 1, maxDurationDays: 180, texts }],
  });
  const { port } = receiver.address() as AddressInfo;
  await operator.addWebhookEndpoint({ siteId: 'shop', url: `http://127.0.0.1:${port}/hooks` });
  await operator.close();
  return site;
}

async function dump(admin: Queryable): Promise<string> {
  const tables = await admin.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('core', 'core_jobs', 'cell', 'cell_jobs', 'cell_keys')`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) =>
      admin.query<{ row: string }>(`select row_to_json(t)::text as row from ${name} t`),
    ),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}
