import type { LogtoManagement } from '../management/logto-management.ts';
import { WANTED_EVENTS } from '../webhooks/logto-event.ts';
import { type CheckContext, type CheckLine, line } from './check-line.ts';
import { checkProvider } from './check-provider.ts';
import { adviceFor } from './management-advice.ts';

const MEND = 'Run `userref-core upstream setup-logto` again.';

/** Looks at everything that `setup-logto` sets up, and at what goes wrong between two machines. Changes nothing. */
export async function checkLogto(context: CheckContext): Promise<CheckLine[]> {
  const { management, preset } = context;
  const metadata = await checkProvider(context);
  if (preset === 'generic') return metadata;
  if (!management)
    return [
      ...metadata,
      line(
        'management',
        'Nothing follows changes of accounts: set USERREF_LOGTO_MANAGEMENT_CLIENT_ID and USERREF_LOGTO_MANAGEMENT_CLIENT_SECRET.',
      ),
    ];
  const steps: [string, () => Promise<string | undefined>][] = [
    ['management', () => management.listUsers(1).then(() => undefined)],
    ['application', () => applicationAdvice(context, management)],
    ['webhook', () => webhookAdvice(context, management)],
    ['deliveries', () => deliveriesAdvice(context, management)],
  ];
  const lines: CheckLine[] = [];
  for (const [check, step] of steps) lines.push(line(check, await step().catch(adviceFor)));
  return [...metadata, ...lines];
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
  const hook = await hookOf(context, management);
  if (!hook) return `There is no webhook for this cell. ${MEND}`;
  if (!hook.enabled) return 'The webhook is switched off. Switch it on in Logto’s Console.';
  if (WANTED_EVENTS.some((event) => !hook.events.includes(event))) return `The webhook lacks events. ${MEND}`;
  if (!context.webhookKeys.includes(hook.signingKey))
    return `Its signing key is not in USERREF_LOGTO_WEBHOOK_KEYS: every event is refused. ${MEND} It writes the key.`;
  return undefined;
}

async function deliveriesAdvice(
  context: CheckContext,
  management: LogtoManagement,
): Promise<string | undefined> {
  const hook = await hookOf(context, management);
  const { deliveries } = hook ? await management.listDeliveries(hook.id, 1) : { deliveries: [] };
  const failed = deliveries.filter((one) => one.failed).length;
  return failed === 0
    ? undefined
    : `${failed} of the last ${deliveries.length} events did not arrive. Look whether Logto reaches ${context.webhookUrl}.`;
}

async function hookOf({ webhookUrl }: CheckContext, management: LogtoManagement) {
  return (await management.listHooks()).find(({ config }) => config.url === webhookUrl);
}

function has(list: unknown, value: string): boolean {
  return Array.isArray(list) && list.includes(value);
}
