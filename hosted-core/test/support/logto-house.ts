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
import { createLogger } from '../../src/observability/logger.ts';
import { openOperator } from '../../src/operator.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { Browser } from './browser.ts';
import { startFakeLogto } from './fake-logto/fake-logto.ts';
import { openAtLogto } from './fake-logto/logto-visit.ts';
import { fieldOf, post } from './house.ts';
import { freePort } from './running-core.ts';
import { createTestDatabase } from './test-database.ts';

const CALLBACK = 'http://localhost:9/callback';
const ATTRIBUTES = ['contact:email', 'profile:name'];

/** Keeps all that the core and the cell answer. */
class WatchingBrowser extends Browser {
  readonly seen: string[] = [];
  readonly #origins: readonly string[];

  constructor(origins: readonly string[]) {
    super();
    this.#origins = origins;
  }

  override async fetch(url: URL | string, init: RequestInit = {}): Promise<Response> {
    const response = await super.fetch(url, init);
    if (this.#origins.includes(new URL(url).origin))
      this.seen.push(JSON.stringify([...response.headers]), await response.clone().text());
    return response;
  }
}

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
  const answers: string[] = [];
  const config = await openid.discovery(new URL(core), 'shop', undefined, openid.ClientSecretBasic(secret), {
    execute: [openid.allowInsecureRequests],
    [openid.customFetch]: keeping(answers),
  });

  return {
    ...{ logto, answers, core, cell, browser: new WatchingBrowser([core, cell]) },
    async login(browser: Browser, username: string) {
      const verifier = openid.randomPKCECodeVerifier();
      const start = await openid.buildAuthorizationUrlWithPAR(config, {
        ...{ redirect_uri: CALLBACK, scope: `openid ${ATTRIBUTES.join(' ')}`, state: 's', resource: cell },
        ...{ purpose: 'order_delivery', prompt: 'consent', code_challenge_method: 'S256' },
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
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
      const response = await keeping(answers)(url, { headers: { authorization: `Bearer ${token}` } });
      if (response.status !== 200) throw new Error(`attributes: ${response.status}`);
    },
    async visitAccount(browser: Browser) {
      for (const page of ['/account', '/account/signed-out']) await browser.fetch(`${cell}${page}`);
      for (const path of ['/healthz', '/readyz', '/nothing']) await keeping(answers)(`${cell}${path}`, {});
    },
    async untilWebhook(arrived: () => boolean) {
      for (let tries = 0; tries < 400 && !arrived(); tries += 1)
        await new Promise((done) => setTimeout(done, 50));
      if (!arrived()) throw new Error('no webhook came');
    },
    async close() {
      await house.stop();
      await logto.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

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

function keeping(answers: string[]) {
  return async (url: string, init: RequestInit | openid.CustomFetchOptions): Promise<Response> => {
    const response = await fetch(url, init as RequestInit);
    answers.push(JSON.stringify([...response.headers]), await response.clone().text());
    return response;
  };
}
