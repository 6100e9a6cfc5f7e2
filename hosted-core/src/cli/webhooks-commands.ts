import { type Command, Option } from 'commander';
import { tenantConfirmations } from '../core/webhooks/purge-confirmations.ts';
import { recoverDeliveries, sendTestEvent } from '../core/webhooks/recover-deliveries.ts';
import { listDeliveries } from '../core/webhooks/recovery-repository.ts';
import { replayDelivery } from '../core/webhooks/replay-delivery.ts';
import { WebhookEndpoints } from '../core/webhooks/webhook-endpoints.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { parseSince } from './parse-since.ts';
import { print } from './report.ts';
import { confirmationLine, deliveryLines, endpointLine } from './webhooks-report.ts';
import { type CoreContext, withCoreDatabase } from './with-core.ts';

interface AddOptions {
  readonly site: string;
  readonly url?: string;
  readonly backchannelLogout?: true;
  readonly poll?: true;
  readonly event?: string[];
  readonly json?: boolean;
}

interface Json {
  readonly json?: boolean;
}

/** An action with its core; `json` is there for every command. */
function run<Options extends Json>(
  work: (context: CoreContext, options: Options, argument: string) => Promise<void>,
) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const argument = typeof given[0] === 'string' ? given[0] : '';
    await withCoreDatabase(command, (context) => work(context, command.opts() as Options, argument));
  };
}

export function addWebhooksCommands(program: Command): void {
  const webhooks = program.command('webhooks').description('manage where sites get their events');
  addEndpointCommands(webhooks);
  addDeliveryCommands(webhooks);
}

function addEndpointCommands(webhooks: Command): void {
  const command = (name: string, description: string) =>
    webhooks.command(name).description(description).option('--json', 'one JSON object');
  command('list', 'list endpoints with their public keys, state and what waits')
    .option('--site <id>', 'of one site')
    .action(run(listEndpoints));
  command('add', 'register an endpoint of a site; its secret is shown once')
    .requiredOption('--site <id>', 'client id of the site')
    .option('--url <url>', 'address that takes the events')
    .addOption(
      new Option('--backchannel-logout', 'the address takes logout tokens instead').conflicts('poll'),
    )
    .addOption(new Option('--poll', 'no address: the site asks for its events').conflicts('url'))
    .option('--event <type...>', 'only these types of events')
    .action(run(addEndpoint));
  command('pause <endpoint>', 'send nothing for now; events wait').action(run(pause));
  command('resume <endpoint>', 'send again, also to one that was disabled').action(run(resume));
  command('rotate-secret <endpoint>', 'make a new secret and key; the old ones sign along for a day')
    .option('--overlap-seconds <n>', 'how long the old ones sign along', Number)
    .action(run(rotate));
  command('test <endpoint>', 'send endpoint.test').action(run(test));
}

function addDeliveryCommands(webhooks: Command): void {
  const command = (name: string, description: string) =>
    webhooks.command(name).description(description).option('--json', 'one JSON object');
  command('deliveries', 'show deliveries with every attempt, the latest first')
    .option('--site <id>', 'of one site')
    .option('--endpoint <id>', 'of one endpoint')
    .addOption(new Option('--state <state>').choices(['pending', 'delivered', 'parked']))
    .option('--limit <n>', 'at most so many', Number, 20)
    .action(run(showDeliveries));
  command('replay <delivery>', 'send one event again, with its webhook-id kept').action(run(replay));
  command('recover <endpoint>', 'send again everything that the endpoint has not got')
    .requiredOption('--since <time>', 'RFC 3339, or such as 6h, 3d')
    .action(run(recover));
  command('confirmations', 'show which sites have confirmed that they purged, and which are overdue')
    .option('--site <id>', 'of one site')
    .option('--overdue', 'only those')
    .action(run(showConfirmations));
}

function endpointsOf({ settings }: CoreContext): WebhookEndpoints {
  const secretBox = SecretBox.fromKeyFile(settings.core.secretFile);
  return new WebhookEndpoints({ secretBox, policy: settings.outbound });
}

async function listEndpoints(context: CoreContext, { site, json }: Json & { site?: string }): Promise<void> {
  const { tenantId } = context.settings;
  const endpoints = await context.database.inTenant(tenantId, (tx) =>
    endpointsOf(context).list(tx, { tenantId, siteId: site }),
  );
  const text = endpoints.map(endpointLine).join('\n') || 'No endpoints yet: userref-core webhooks add …';
  print({ endpoints }, { json, text });
}

async function addEndpoint(context: CoreContext, options: AddOptions): Promise<void> {
  const { tenantId } = context.settings;
  const kind = options.poll ? 'poll' : options.backchannelLogout ? 'backchannel_logout' : 'events';
  const { site: siteId, url, event: eventTypes, json } = options;
  const { endpointId, secret, publicKey } = await context.database.inTenant(tenantId, (tx) =>
    endpointsOf(context).register(tx, { tenantId, siteId, kind, url, eventTypes }),
  );
  print(
    { endpoint_id: endpointId, webhook_secret: secret, public_key: publicKey },
    {
      json,
      text: `Registered ${endpointId}. The secret is not shown again:\n\n  secret      ${secret}\n  public key  ${publicKey}`,
    },
  );
}

async function pause(context: CoreContext, { json }: Json, endpointId: string): Promise<void> {
  const { tenantId } = context.settings;
  await context.database.inTenant(tenantId, (tx) => endpointsOf(context).pause(tx, { tenantId, endpointId }));
  print({ endpoint_id: endpointId, state: 'paused' }, { json, text: 'Paused. Events wait.' });
}

async function resume(context: CoreContext, { json }: Json, endpointId: string): Promise<void> {
  const { tenantId } = context.settings;
  await context.database.inTenant(tenantId, (tx) =>
    endpointsOf(context).resume(tx, { tenantId, endpointId }),
  );
  print({ endpoint_id: endpointId, state: 'enabled' }, { json, text: 'Enabled. What waited goes out now.' });
}

async function rotate(
  context: CoreContext,
  { json, overlapSeconds }: Json & { overlapSeconds?: number },
  endpointId: string,
): Promise<void> {
  const { tenantId } = context.settings;
  const { secret, publicKey } = await context.database.inTenant(tenantId, (tx) =>
    endpointsOf(context).rotateSecret(tx, { tenantId, endpointId, overlapSeconds }),
  );
  print(
    { endpoint_id: endpointId, webhook_secret: secret, public_key: publicKey },
    {
      json,
      text: `The new secret is not shown again:\n\n  secret      ${secret}\n  public key  ${publicKey}`,
    },
  );
}

async function test({ database, settings }: CoreContext, { json }: Json, endpointId: string): Promise<void> {
  const eventId = await sendTestEvent(database, { tenantId: settings.tenantId, endpointId });
  print(
    { event_id: eventId },
    {
      json,
      text: `On its way as ${eventId}; see: userref-core webhooks deliveries --endpoint ${endpointId}`,
    },
  );
}

async function showDeliveries(
  { database, settings }: CoreContext,
  options: Json & { site?: string; endpoint?: string; state?: string; limit: number },
): Promise<void> {
  const { site: siteId, endpoint: endpointId, state, limit, json } = options;
  const deliveries = await database.inTenant(settings.tenantId, (tx) =>
    listDeliveries(tx, { tenantId: settings.tenantId, siteId, endpointId, state, limit }),
  );
  print({ deliveries }, { json, text: deliveries.map(deliveryLines).join('\n') || 'No deliveries.' });
}

async function replay(
  { database, settings }: CoreContext,
  { json }: Json,
  deliveryId: string,
): Promise<void> {
  await replayDelivery(database, { tenantId: settings.tenantId, deliveryId });
  print({ delivery_id: deliveryId, state: 'pending' }, { json, text: 'On its way again.' });
}

async function recover(
  { database, settings }: CoreContext,
  { since, json }: Json & { since: string },
  endpointId: string,
): Promise<void> {
  const started = await recoverDeliveries(database, {
    tenantId: settings.tenantId,
    endpointId,
    since: parseSince(since, new Date()),
  });
  print({ endpoint_id: endpointId, deliveries: started }, { json, text: `${started} on their way.` });
}

async function showConfirmations(
  { database, settings }: CoreContext,
  { site, overdue, json }: Json & { site?: string; overdue?: true },
): Promise<void> {
  const query = { tenantId: settings.tenantId, siteId: site };
  const all = await tenantConfirmations(database, query, new Date());
  const confirmations = overdue ? all.filter((one) => one.state === 'overdue') : all;
  print(
    { confirmations },
    { json, text: confirmations.map(confirmationLine).join('\n') || 'Nothing to confirm.' },
  );
}
