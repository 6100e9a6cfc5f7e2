import type { FastifyInstance } from 'fastify';
import type { UpstreamSettings } from '../../config/upstream-settings.ts';
import type { Database } from '../../database/database.ts';
import type { JobTask } from '../../jobs/job-queue.ts';
import { createOutboundFetch, type OutboundFetch } from '../../outbound/outbound-fetch.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import type { UpstreamGateway } from '../../wall/upstream.ts';
import type { Vault } from '../vault/vault.ts';
import { END_SESSIONS_TASK, endSessionsTask } from './accounts/end-sessions.ts';
import { farewellTask } from './accounts/farewell.ts';
import { SYNC_TASK, type SyncDependencies, syncTask } from './accounts/sync-account.ts';
import { UpstreamAccounts } from './accounts/upstream-accounts.ts';
import { FAREWELL_TASK } from './accounts/upstream-participant-repository.ts';
import { UpstreamSecrets } from './accounts/upstream-secrets.ts';
import { parseClaimMapping } from './claim-mapping.ts';
import { logtoEndpoint } from './management/endpoint.ts';
import { LogtoManagement } from './management/logto-management.ts';
import { RECONCILE_TASK, reconcileTask, scheduleReconciliation } from './reconciliation/reconcile-task.ts';
import { UpstreamClient } from './upstream-client.ts';
import { UpstreamSignIn } from './upstream-sign-in.ts';
import { upstreamNoticeRoutes, WEBHOOK_PATH } from './webhooks/upstream-notice-routes.ts';

export interface UpstreamServiceOptions {
  readonly settings: UpstreamSettings;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  /** Public address of the cell, without a slash at the end. */
  readonly cellUrl: string;
  /** As `cell_app`. */
  readonly database: Database;
  readonly vault: Vault;
  readonly tenantId: string;
  /** Seals account ids and refresh tokens. Without it neither is kept. */
  readonly secrets: SecretBox | undefined;
  readonly core: UpstreamGateway;
  readonly erase: SyncDependencies['erase'];
  readonly now: () => Date;
  /** Default: outbound requests with our limits. */
  readonly fetch?: OutboundFetch;
}

/** All that a cell has to do with its sign-in service. */
export interface UpstreamService {
  readonly signIn: UpstreamSignIn;
  /** Absent where accounts are not managed. */
  readonly management: LogtoManagement | undefined;
  /** What the upstream sends by itself. */
  readonly routes: (app: FastifyInstance) => Promise<void>;
  readonly tasks: Readonly<Record<string, JobTask>>;
  /** Makes sure that the rounds of reconciliation go on. */
  scheduleJobs(): Promise<void>;
}

/** A person waits for it, and a page must have been answered before the browser gives up. */
const TIMEOUT_MS = 6_000;
const MAX_BYTES = 1024 * 1024;
const LOGTO_SCOPE = 'openid profile email phone address custom_data';

/** @throws TypeError for a claim mapping or an issuer that cannot be used */
export function createUpstreamService(options: UpstreamServiceOptions): UpstreamService {
  const { settings, database, vault, tenantId, core, now } = options;
  const fetch =
    options.fetch ?? createOutboundFetch({ policy: 'any', timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  const client = clientOf(options, fetch);
  const management = managementOf(settings, fetch);
  const mapping = parseClaimMapping(settings.claims, (name) => vault.catalogue.has(name));
  const accounts = options.secrets && accountsOf({ ...options, secrets: options.secrets }, mapping);
  const signIn = new UpstreamSignIn({ client, database, tenantId, now, ...(accounts && { accounts }) });
  const own = { database, vault, tenantId, mapping, now };
  return {
    signIn,
    management,
    routes: async (app) => {
      if (accounts)
        await app.register(upstreamNoticeRoutes, {
          ...{ database, tenantId, accounts, client, now, keys: settings.webhookKeys ?? [] },
        });
    },
    tasks: {
      [END_SESSIONS_TASK]: endSessionsTask(core),
      ...(accounts && { [FAREWELL_TASK]: farewellTask({ database, tenantId, accounts, management }) }),
      ...(accounts &&
        management &&
        settings.management &&
        managedTasks(
          {
            ...own,
            accounts,
            management,
            core,
            erase: options.erase,
            webhookUrl: `${options.cellUrl}${WEBHOOK_PATH}`,
          },
          settings.management,
        )),
    },
    async scheduleJobs() {
      if (accounts && management) await scheduleReconciliation(database, tenantId, 0);
    },
  };
}

function managedTasks(
  deps: Omit<SyncDependencies, 'onDeleted' | 'management'> & {
    management: LogtoManagement;
    webhookUrl: string;
  },
  { onDeleted, reconcileEverySeconds }: NonNullable<UpstreamSettings['management']>,
): Record<string, JobTask> {
  return {
    [SYNC_TASK]: syncTask({ ...deps, onDeleted }),
    [RECONCILE_TASK]: reconcileTask({ ...deps, onDeleted, reconcileEverySeconds }),
  };
}

function clientOf(options: UpstreamServiceOptions, fetch: OutboundFetch): UpstreamClient {
  const { settings, redirectUri, postLogoutRedirectUri } = options;
  const { issuer, clientId, clientSecret, preset, offlineAccess, firstScreen } = settings;
  const scope = settings.scope ?? (preset === 'logto' ? LOGTO_SCOPE : undefined);
  return new UpstreamClient({
    ...{ issuer, clientId, clientSecret, redirectUri, postLogoutRedirectUri, fetch },
    ...(scope && { scope }),
    ...(offlineAccess && options.secrets && { offlineAccess }),
    ...(firstScreen && { firstScreen }),
  });
}

function accountsOf(
  options: UpstreamServiceOptions & { secrets: SecretBox },
  mapping: ReturnType<typeof parseClaimMapping>,
): UpstreamAccounts {
  const { database, vault, tenantId, settings, now } = options;
  const secrets = new UpstreamSecrets(options.secrets, tenantId);
  return new UpstreamAccounts({ database, vault, tenantId, issuer: settings.issuer, secrets, mapping, now });
}

/** For commands too. @throws TypeError for an issuer that is no Logto's */
export function managementOf(
  { issuer, management }: Pick<UpstreamSettings, 'issuer' | 'management'>,
  fetch: OutboundFetch,
): LogtoManagement | undefined {
  if (!management) return undefined;
  const { clientId, clientSecret, requestsPerSecond } = management;
  return new LogtoManagement({
    ...{ endpoint: logtoEndpoint(issuer), clientId, clientSecret, fetch, requestsPerSecond },
  });
}
