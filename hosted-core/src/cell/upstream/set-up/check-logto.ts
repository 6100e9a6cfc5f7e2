import type { OutboundFetch } from '../../../outbound/outbound-fetch.ts';
import type { LogtoManagement } from '../management/logto-management.ts';
import { WANTED_EVENTS } from '../webhooks/logto-event.ts';

export interface CheckContext {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  readonly backchannelLogoutUri: string;
  readonly webhookUrl: string;
  readonly webhookKeys: readonly string[];
  readonly fetch: OutboundFetch;
  readonly management: LogtoManagement | undefined;
  readonly now: () => Date;
}

export interface CheckLine {
  readonly check: string;
  readonly ok: boolean;
  /** What is wrong and how to mend it; empty when all is well. */
  readonly advice: string;
}

const MEND = 'Run `userref-core upstream setup-logto` again.';
const MOST_SKEW_MS = 30_000;

/** Looks at everything that `setup-logto` sets up, and at what goes wrong between two machines. Changes nothing. */
export async function checkLogto(context: CheckContext): Promise<CheckLine[]> {
  const { management } = context;
  const lines = await checkMetadata(context);
  if (!management) {
    lines.push(
      line(
        'management',
        'Set USERREF_LOGTO_MANAGEMENT_CLIENT_ID and …_SECRET: nothing follows changes of accounts.',
      ),
    );
    return lines;
  }
  const steps: [string, () => Promise<string | undefined>][] = [
    ['management', () => management.listUsers(1).then(() => undefined)],
    ['application', () => applicationAdvice(context, management)],
    ['webhook', () => webhookAdvice(context, management)],
  ];
  for (const [check, step] of steps)
    lines.push(line(check, await step().catch((error: Error) => `${error.message}. ${MEND}`)));
  return lines;
}

async function checkMetadata({ issuer, fetch, now }: CheckContext): Promise<CheckLine[]> {
  try {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`);
    const metadata = (await response.json()) as { issuer?: unknown; end_session_endpoint?: unknown };
    const date = Date.parse(response.headers.get('date') ?? '');
    const skew = Number.isNaN(date) ? 0 : Math.abs(now().getTime() - date);
    return [
      line(
        'issuer',
        metadata.issuer === issuer
          ? undefined
          : 'The issuer calls itself otherwise: set USERREF_UPSTREAM_ISSUER to what it says.',
      ),
      line(
        'clock',
        skew <= MOST_SKEW_MS
          ? undefined
          : `The clocks are ${Math.round(skew / 1000)} s apart: set both by NTP.`,
      ),
      line(
        'sign-out',
        metadata.end_session_endpoint
          ? undefined
          : 'The issuer has no end_session_endpoint: sign-out stays here.',
      ),
    ];
  } catch {
    return [line('issuer', `The issuer cannot be reached or gives no metadata: ${new URL(issuer).origin}.`)];
  }
}

async function applicationAdvice(
  context: CheckContext,
  management: LogtoManagement,
): Promise<string | undefined> {
  const found = (await management.listApplications()).find(({ id }) => id === context.clientId);
  if (!found) return `USERREF_UPSTREAM_CLIENT_ID is no application there. ${MEND}`;
  const { redirectUris, postLogoutRedirectUris, backchannelLogoutUri, backchannelLogoutSessionRequired } =
    found.oidcClientMetadata as Record<string, unknown>;
  const right =
    has(redirectUris, context.redirectUri) &&
    has(postLogoutRedirectUris, context.postLogoutRedirectUri) &&
    backchannelLogoutUri === context.backchannelLogoutUri &&
    backchannelLogoutSessionRequired === true;
  return right ? undefined : `The application’s addresses are not this cell’s. ${MEND}`;
}

async function webhookAdvice(
  context: CheckContext,
  management: LogtoManagement,
): Promise<string | undefined> {
  const hook = (await management.listHooks()).find(({ config }) => config.url === context.webhookUrl);
  if (!hook) return `There is no webhook for this cell. ${MEND}`;
  if (!hook.enabled) return 'The webhook is switched off.';
  if (WANTED_EVENTS.some((event) => !hook.events.includes(event))) return `The webhook lacks events. ${MEND}`;
  if (!context.webhookKeys.includes(hook.signingKey))
    return 'Its signing key is not among USERREF_LOGTO_WEBHOOK_KEYS: every delivery is refused.';
  return undefined;
}

function has(list: unknown, value: string): boolean {
  return Array.isArray(list) && list.includes(value);
}

function line(check: string, advice: string | undefined): CheckLine {
  return { check, ok: advice === undefined, advice: advice ?? '' };
}
