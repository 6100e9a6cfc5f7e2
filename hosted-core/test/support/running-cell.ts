import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnAttributes } from '../../src/cell/attributes/own-attributes.ts';
import { ReadAudit } from '../../src/cell/attributes/read-audit.ts';
import { erasePerson, erasureReceipt } from '../../src/cell/erasure/erase-person.ts';
import { openLocalKeyFile } from '../../src/cell/kms/local-key-file.ts';
import { LocalRegionCell } from '../../src/cell/local-region-cell.ts';
import { createCellPages, upstreamAddresses } from '../../src/cell/pages/cell-pages.ts';
import { UpstreamClient } from '../../src/cell/upstream/upstream-client.ts';
import { UpstreamSignIn } from '../../src/cell/upstream/upstream-sign-in.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import {
  createDevelopmentSignIn,
  type SamplePerson,
} from '../../src/development-sign-in/development-sign-in.ts';
import { Tombstones } from '../../src/erasure/tombstones.ts';
import { createHttpServer } from '../../src/http/http-server.ts';
import { randomBase32 } from '../../src/ids/random-ids.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { createOutboundFetch } from '../../src/outbound/outbound-fetch.ts';
import type { AttributeEntry } from '../../src/wall/catalogue.ts';
import type {
  AttributesChange,
  ConnectedSite,
  ConsentChange,
  CoreGateway,
  CoreRecords,
} from '../../src/wall/core-gateway.ts';
import type { DisconnectedSite, DisconnectionRequest } from '../../src/wall/disconnection.ts';
import type { ErasureNotice, ErasureRequest, InformedSite } from '../../src/wall/erasure.ts';
import type { InteractionRequest, PurposeText } from '../../src/wall/region-cell.ts';
import type { CoreSession, PurgeConfirmation } from '../../src/wall/revocation.ts';
import type { EndedPerson } from '../../src/wall/upstream.ts';
import { Browser } from './browser.ts';
import { freePort } from './free-port.ts';
import { createTestDatabase } from './test-database.ts';

export const TENANT = 'default';
export const CORE = 'http://core.test';

/** A core that remembers what it was told. */
export class RecordingCore implements CoreGateway {
  sessions: CoreSession[] = [];
  confirmations: PurgeConfirmation[] = [];
  readonly endedSessions: string[] = [];

  async listSessions(): Promise<CoreSession[]> {
    if (this.away) throw new Error('the core is away');
    return this.sessions;
  }

  async endSession({ sessionId }: { sessionId: string }): Promise<void> {
    if (this.away) throw new Error('the core is away');
    this.endedSessions.push(sessionId);
  }

  async purgeConfirmations(): Promise<PurgeConfirmation[]> {
    if (this.away) throw new Error('the core is away');
    return this.confirmations;
  }

  readonly ended: EndedPerson[] = [];

  async endPerson(notice: EndedPerson): Promise<void> {
    if (this.away) throw new Error('the core is away');
    this.ended.push(notice);
  }

  readonly told: ConsentChange[] = [];
  sites: ConnectedSite[] = [];
  readonly erased: ErasureNotice[] = [];
  away = false;

  async listConnectedSites(): Promise<ConnectedSite[]> {
    if (this.away) throw new Error('the core is away');
    return this.sites;
  }

  async consentChanged(change: ConsentChange): Promise<void> {
    if (this.away) throw new Error('the core is away');
    this.told.push(change);
  }

  attributes: AttributeEntry[] = [];
  readonly disconnected: DisconnectionRequest[] = [];
  readonly userRefs = new Map<string, string>();

  async tenantAttributes(): Promise<AttributeEntry[]> {
    if (this.away) throw new Error('the core is away');
    return this.attributes;
  }

  async userRefAt({ siteId }: { siteId: string }): Promise<string | undefined> {
    if (this.away) throw new Error('the core is away');
    return this.userRefs.get(siteId);
  }

  async disconnectSite(request: DisconnectionRequest): Promise<void> {
    if (this.away) throw new Error('the core is away');
    this.disconnected.push(request);
    this.sites = this.sites.filter(({ siteId }) => siteId !== request.siteId);
  }

  readonly changed: AttributesChange[] = [];

  async attributesChanged(change: AttributesChange): Promise<void> {
    if (this.away) throw new Error('the core is away');
    this.changed.push(change);
  }

  async exportSubject(): Promise<CoreRecords> {
    if (this.away) throw new Error('the core is away');
    return { records: {}, audit: [] };
  }

  async disconnectedSites({ requestIds }: { requestIds: readonly string[] }): Promise<DisconnectedSite[]> {
    if (this.away) throw new Error('the core is away');
    return this.disconnected
      .filter(({ requestId }) => requestIds.includes(requestId))
      .map(({ requestId, siteId, requestedAt }) => ({
        requestId,
        siteId,
        state: 'pending',
        at: requestedAt,
      }));
  }

  async subjectErased(notice: ErasureNotice): Promise<void> {
    if (this.away) throw new Error('the core is away');
    this.erased.push(notice);
  }

  async informedSites(): Promise<InformedSite[]> {
    if (this.away) throw new Error('the core is away');
    return [];
  }
}

/** A cell with its pages and the development sign-in, on ports of their own. */
export async function startCell(
  options: {
    people?: readonly SamplePerson[];
    log?: NodeJS.WritableStream;
    graceDays?: number;
    receiptSecret?: Buffer;
  } = {},
) {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'userref-cell-'));
  const [port, upstreamPort] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const issuer = `http://localhost:${upstreamPort}`;
  const client = { clientId: 'cell', clientSecret: randomBytes(24).toString('hex') };
  const addresses = upstreamAddresses(url);
  const startUpstream = () =>
    createDevelopmentSignIn({
      port: upstreamPort,
      client: {
        ...client,
        redirectUris: [addresses.redirectUri],
        postLogoutRedirectUris: [addresses.postLogoutRedirectUri],
      },
      nodeEnv: 'test',
      ...(options.people && { people: options.people }),
    });
  let upstream = await startUpstream();

  const clock = { offsetMs: 0 };
  const now = () => new Date(Date.now() + clock.offsetMs);
  const keyWrapper = await openLocalKeyFile({ path: join(folder, 'vault.key'), whenMissing: 'create' });
  const vault = new Vault({ database: database.cell, keyWrapper, region: 'eu-1' });
  const core = new RecordingCore();
  const logger = createLogger(options.log ? { level: 'debug', stream: options.log } : { level: 'silent' });
  const fetch = createOutboundFetch({ policy: 'any', timeoutMs: 5_000, maxBytes: 262_144 });
  const shared = { database: database.cell, tenantId: TENANT, now };
  const deps = { ...shared, core, logger, region: 'eu-1', vault };
  const tombstones = new Tombstones({ half: 'cell', ...shared });
  const erasure = { tombstones, core, logger, now, backupWindowDays: 7, upstreamKeeps: 'Nothing.' };
  const erase = (request: ErasureRequest) => erasePerson(erasure, request);
  const pages = createCellPages({
    ...deps,
    upstreamIssuer: issuer,
    upstream: new UpstreamSignIn({
      ...shared,
      client: new UpstreamClient({ issuer, ...client, ...addresses, fetch }),
    }),
    ownAttributes: new OwnAttributes({ vault, audit: new ReadAudit({ database: database.cell }) }),
    deletion: {
      ...{ erase, receipt: (query) => erasureReceipt(erasure, query) },
      ...{ graceDays: options.graceDays ?? 7, backupDays: 7, deletesUpstream: false },
    },
    cellUrl: url,
    csrfKey: randomBytes(32),
    receiptSecret: options.receiptSecret ?? randomBytes(32),
    operator: { name: 'Test operator' },
  });
  const app = createHttpServer({ logger, component: 'cell', renderErrorPage: pages.renderErrorPage });
  await pages.register(app);
  await app.listen({ host: '127.0.0.1', port });
  const cell = new LocalRegionCell({ ...shared, url, region: 'eu-1', erasure, consents: deps });

  return {
    database,
    url,
    issuer,
    core,
    cell,
    deps: { ...deps, erase, catalogue: vault.catalogue },
    /** Moves the cell's clock forward. */
    moveClock: (ms: number) => {
      clock.offsetMs += ms;
    },
    stopUpstream: () => upstream.close(),
    restartUpstream: async () => {
      upstream = await startUpstream();
    },
    begin: (wish: Partial<InteractionRequest> = {}) => begin(cell, wish, now()),
    async close() {
      await app.close();
      await upstream.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type RunningCell = Awaited<ReturnType<typeof startCell>>;

export const PURPOSE: PurposeText = {
  purposeId: 'order_delivery',
  version: 1,
  maxDurationDays: 180,
  texts: {
    en: {
      title: 'Delivering your order',
      description: 'To send you what you bought.',
      recipients: 'Shop A and its carrier',
    },
    ru: {
      title: 'Доставка заказа',
      description: 'Чтобы отправить вам покупку.',
      recipients: 'Shop A и перевозчик',
    },
    ar: { title: 'توصيل طلبك', description: 'لإرسال ما اشتريته إليك.', recipients: 'Shop A وشركة الشحن' },
  },
};

async function begin(cell: LocalRegionCell, wish: Partial<InteractionRequest>, now: Date) {
  const interactionId = randomBase32(32);
  const { url } = await cell.startInteraction({
    interactionId,
    tenantId: TENANT,
    kind: 'login',
    site: { siteId: 'shop-a', name: 'Shop A', origin: 'http://shop-a.test' },
    uiLocales: ['en'],
    returnTo: `${CORE}/interaction/${interactionId}/outcome`,
    formTargets: [CORE, 'http://shop-a.test'],
    expiresAt: new Date(now.getTime() + 600_000),
    ...wish,
  });
  return { interactionId, url };
}

/** Like {@link begin}, for consent. */
export function beginConsent(
  running: RunningCell,
  subjectId: string,
  wish: Partial<InteractionRequest> = {},
) {
  const ask = { attributes: ['address:shipping', 'contact:email'], purpose: PURPOSE };
  return running.begin({ kind: 'consent', subjectId, ask, ...wish });
}

/** Opens an address as a person who signs in as `login` when asked; stops where the core takes over. */
export async function openSigningIn(browser: Browser, url: string, login = 'amber') {
  const first = await browser.open(url, { stopAt: CORE });
  if (!first.url.pathname.startsWith('/sign-in/')) return first;
  const answer = await browser.fetch(first.url, { method: 'POST', body: new URLSearchParams({ login }) });
  return browser.open(new URL(answer.headers.get('location') ?? '', first.url).href, { stopAt: CORE });
}

/** Signs somebody in through a login interaction; answers with their subject id. */
export async function signIn(running: RunningCell, browser: Browser, login = 'amber'): Promise<string> {
  const { interactionId, url } = await running.begin();
  const { url: end } = await openSigningIn(browser, url, login);
  const outcome = await running.cell.readOutcome({ tenantId: TENANT, interactionId, code: codeOf(end) });
  if (outcome.result !== 'signed_in') throw new Error(`expected a sign-in, not ${outcome.result}`);
  return outcome.subjectId;
}

export function codeOf(end: URL): string {
  return end.searchParams.get('code') ?? '';
}

/** The hidden CSRF field of the first form on a page. */
export function csrfOf(html: string): string {
  return /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

export function post(
  browser: Browser,
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) {
  return browser.fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers });
}

export { Browser };
