import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCellHalf } from '../../src/cell/cell-half.ts';
import type { CellOptions } from '../../src/cell/cell-options.ts';
import { upstreamAddresses } from '../../src/cell/pages/cell-pages.ts';
import { KNOWN_EVENTS } from '../../src/cell/upstream/webhooks/logto-event.ts';
import {
  BACKCHANNEL_LOGOUT_PATH,
  WEBHOOK_PATH,
} from '../../src/cell/upstream/webhooks/upstream-notice-routes.ts';
import { createVaultKeyFile } from '../../src/cell/vault/open-vault.ts';
import type { LogtoManagementSettings } from '../../src/config/upstream-settings.ts';
import { randomBase32 } from '../../src/ids/random-ids.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { SignInWishes } from '../../src/wall/region-cell.ts';
import { Browser } from './browser.ts';
import { type FakeLogto, startFakeLogto } from './fake-logto/fake-logto.ts';
import { addApplication } from './fake-logto/fake-management.ts';
import type { FakeHook } from './fake-logto/fake-state.ts';
import { openAtLogto, signInForm } from './fake-logto/logto-visit.ts';
import { freePort } from './free-port.ts';
import { CORE, codeOf, RecordingCore, TENANT } from './running-cell.ts';
import { createTestDatabase } from './test-database.ts';
import { until } from './until.ts';

export interface LogtoCellOptions {
  readonly management?: Partial<LogtoManagementSettings>;
  readonly log?: NodeJS.WritableStream;
  readonly upstream?: Partial<CellOptions['upstream']>;
}

/** The real cell, with its jobs, against a Logto as it was observed. */
export async function startLogtoCell(options: LogtoCellOptions = {}) {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'userref-logto-cell-'));
  await createVaultKeyFile(join(folder, 'vault.key'));
  const logto = await startFakeLogto();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const registered = register(logto, url);
  const core = new RecordingCore();
  const cell = await createCellHalf(
    {
      ...{ databaseUrl: database.cellUrl, jobsDatabaseUrl: database.directCellUrl, url, tenantId: TENANT },
      ...{ region: 'eu-1', coreIssuer: CORE, operator: { name: 'Test operator' }, trustedProxies: [] },
      keyService: { address: { scheme: 'file', path: join(folder, 'vault.key') } },
      csrfKey: randomBytes(32),
      receiptSecret: randomBytes(32),
      upstreamKey: randomBytes(32),
      logger: createLogger(options.log ? { level: 'debug', stream: options.log } : { level: 'silent' }),
      upstream: {
        ...{
          issuer: logto.issuer,
          preset: 'logto',
          offlineAccess: true,
          webhookKeys: [registered.hook.signingKey],
        },
        ...{ clientId: registered.application.id, clientSecret: registered.clientSecret },
        management: {
          ...logto.bootstrap,
          ...{ onDeleted: 'erase', reconcileEverySeconds: 3_600, requestsPerSecond: 1_000 },
          ...options.management,
        },
        ...options.upstream,
      },
    } as unknown as CellOptions,
    core,
  );
  await cell.app.listen({ host: '127.0.0.1', port });
  return {
    ...{ database, logto, url, core, cell, folder, ...registered },
    begin: (wish: Partial<SignInWishes> = {}) => begin(cell.port, wish),
    async close() {
      await cell.close();
      await logto.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type LogtoCell = Awaited<ReturnType<typeof startLogtoCell>>;

/** What `setup-logto` would have registered. */
function register(logto: FakeLogto, url: string) {
  const { redirectUri, postLogoutRedirectUri } = upstreamAddresses(url);
  const application = addApplication(logto.state, {
    name: 'Userref cell',
    oidcClientMetadata: {
      ...{ redirectUris: [redirectUri], postLogoutRedirectUris: [postLogoutRedirectUri] },
      ...{ backchannelLogoutUri: `${url}${BACKCHANNEL_LOGOUT_PATH}`, backchannelLogoutSessionRequired: true },
    },
  });
  const hook: FakeHook = {
    ...{ tenantId: 'default', id: 'hook', name: 'Userref cell', event: null, enabled: true, createdAt: 0 },
    ...{ events: [...KNOWN_EVENTS], config: { url: `${url}${WEBHOOK_PATH}` }, signingKey: 'k'.repeat(32) },
  };
  logto.state.hooks.set(hook.id, hook);
  return { application, clientSecret: logto.state.secrets.get(application.id)?.[0]?.value ?? '', hook };
}

async function begin(port: Awaited<ReturnType<typeof createCellHalf>>['port'], wish: Partial<SignInWishes>) {
  const interactionId = randomBase32(32);
  const { url } = await port.startInteraction({
    ...{ interactionId, tenantId: TENANT, kind: 'login', uiLocales: ['en'] },
    site: { siteId: 'shop-a', name: 'Shop A', origin: 'http://shop-a.test' },
    returnTo: `${CORE}/interaction/${interactionId}/outcome`,
    formTargets: [CORE],
    expiresAt: new Date(Date.now() + 600_000),
    ...wish,
  });
  return { interactionId, url };
}

/** A login at a site, through Logto's page where it is shown; answers with the subject. */
export async function signInThere(running: LogtoCell, browser: Browser, username: string): Promise<string> {
  const { interactionId, url } = await running.begin();
  const { url: end } = await openAtLogto(browser, running.logto, { url, username, stopAt: CORE });
  const query = { tenantId: TENANT, interactionId, code: codeOf(end) };
  const outcome = await running.cell.port.readOutcome(query);
  if (outcome.result !== 'signed_in') throw new Error(`expected a sign-in, not ${outcome.result}`);
  return outcome.subjectId;
}

/** The callback's address, after Logto's form, without opening it. */
export async function untilCallback(running: LogtoCell, browser: Browser, username: string) {
  const { url } = await running.begin();
  const { url: authorization } = await browser.open(url);
  const { redirectTo } = await signInForm(browser, running.logto, username);
  const { url: callback } = await browser.open(redirectTo, { stopAt: `${running.url}/upstream/callback` });
  return { callback, authorization };
}

export async function finishedRounds(running: LogtoCell): Promise<number> {
  const [row] = await running.database.admin.query<{ n: number }>(
    'select count(*)::int as n from cell.upstream_rounds where finished_at is not null',
  );
  return row?.n ?? 0;
}

/** Lets a round of reconciliation begin now, and waits for it and for the jobs that it made. */
export async function nextRound(running: LogtoCell): Promise<void> {
  const jobs = 'cell_jobs._private_jobs j join cell_jobs._private_tasks t on t.id = j.task_id';
  // The one before has ended when the next is due; this one begins once.
  await until(async () => {
    const due = await running.database.admin.query(
      `select 1 from ${jobs} where t.identifier = 'upstream-reconcile' and j.run_at > now()`,
    );
    return due.length === 1;
  });
  const before = await finishedRounds(running);
  await running.database.admin.query(
    `update cell_jobs._private_jobs set run_at = now() where id in (
       select j.id from ${jobs} where t.identifier = 'upstream-reconcile')`,
  );
  await until(async () => (await finishedRounds(running)) > before);
  await until(async () => {
    const open = await running.database.admin.query(
      `select 1 from ${jobs} where t.identifier in ('upstream-sync', 'upstream-end-sessions', 'attributes-changed')`,
    );
    return open.length === 0;
  });
}

/** The same, when the first round of reconciliation is behind it. */
export async function startReconciledCell(): Promise<LogtoCell> {
  const running = await startLogtoCell();
  await running.cell.startJobs();
  await until(async () => (await finishedRounds(running)) > 0);
  return running;
}

export function auditActions(running: LogtoCell): Promise<string[]> {
  return running.database.admin
    .query<{ action: string }>('select action from cell.audit_events order by entry_id')
    .then((rows) => rows.map(({ action }) => action));
}

export { Browser };
