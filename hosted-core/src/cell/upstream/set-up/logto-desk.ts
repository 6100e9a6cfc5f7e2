import type { UpstreamSettings } from '../../../config/upstream-settings.ts';
import { createOutboundFetch } from '../../../outbound/outbound-fetch.ts';
import { upstreamAddresses } from '../../pages/cell-pages.ts';
import { LogtoManagement } from '../management/logto-management.ts';
import { ManagementError } from '../management/management-error.ts';
import { managementOf } from '../upstream-service.ts';
import { BACKCHANNEL_LOGOUT_PATH, WEBHOOK_PATH } from '../webhooks/upstream-notice-routes.ts';
import type { CheckLine } from './check-line.ts';
import { checkLogto } from './check-logto.ts';
import { withAdvice } from './management-advice.ts';
import { type Credentials, hookName, type SetUpResult, setUpLogto } from './set-up-logto.ts';

const LIMITS = { policy: 'any', timeoutMs: 10_000, maxBytes: 4 * 1024 * 1024 } as const;

export interface BootstrapOptions {
  /** Logto's address, such as `https://logto.example.eu`. */
  readonly endpoint: string;
  /** Address of its admin tenant, where the seeded `m-default` gets its tokens. Default: the endpoint. */
  readonly adminEndpoint?: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly cellUrl: string;
}

/** Sets a Logto up for a cell; see {@link setUpLogto}. Errors say what to do. */
export function setUp(options: BootstrapOptions): Promise<SetUpResult> {
  const { endpoint, adminEndpoint, clientId, clientSecret, cellUrl } = options;
  const fetch = createOutboundFetch(LIMITS);
  const management = new LogtoManagement({
    ...{ endpoint, clientId, clientSecret, fetch },
    ...(adminEndpoint && { issuer: `${adminEndpoint}/oidc` }),
  });
  const mayManage = (own: Credentials) =>
    new LogtoManagement({ endpoint, ...own, fetch }).listUsers(1).then(() => true, unlessForbidden);
  return withAdvice(setUpLogto(management, { cellUrl, ...addressesOf(cellUrl), mayManage }));
}

function unlessForbidden(error: unknown): false {
  if (error instanceof ManagementError && error.kind === 'forbidden') return false;
  throw error;
}

export function check(upstream: UpstreamSettings, cellUrl: string): Promise<CheckLine[]> {
  const fetch = createOutboundFetch(LIMITS);
  const { issuer, clientId, clientSecret, preset, webhookKeys = [] } = upstream;
  return checkLogto({
    ...{ issuer, clientId, clientSecret, preset, webhookKeys, fetch },
    ...{ management: managementOf(upstream, fetch), now: () => new Date() },
    ...addressesOf(cellUrl),
  });
}

/** Another secret for our application; the old one stays valid until it is deleted in Logto. */
export async function addSecret(upstream: UpstreamSettings): Promise<string> {
  const name = `userref ${new Date().toISOString()}`;
  return withAdvice(managed(upstream).addApplicationSecret(upstream.clientId, name));
}

/** @throws Error when the cell has no webhook there */
export async function rotateWebhookKey(upstream: UpstreamSettings, cellUrl: string): Promise<string> {
  const management = managed(upstream);
  const hook = (await withAdvice(management.listHooks())).find(({ name }) => name === hookName({ cellUrl }));
  if (!hook) throw new Error('There is no webhook for this cell. Run `userref-core upstream setup-logto`.');
  return withAdvice(management.rotateHookKey(hook.id));
}

function managed(upstream: UpstreamSettings): LogtoManagement {
  const management = managementOf(upstream, createOutboundFetch(LIMITS));
  if (management) return management;
  throw new Error(
    'Set USERREF_LOGTO_MANAGEMENT_CLIENT_ID and USERREF_LOGTO_MANAGEMENT_CLIENT_SECRET first; `userref-core upstream setup-logto` writes them.',
  );
}

function addressesOf(cellUrl: string) {
  return {
    ...upstreamAddresses(cellUrl),
    backchannelLogoutUri: `${cellUrl}${BACKCHANNEL_LOGOUT_PATH}`,
    webhookUrl: `${cellUrl}${WEBHOOK_PATH}`,
  };
}
