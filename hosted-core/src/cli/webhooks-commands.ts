import type { Command } from 'commander';
import { WebhookEndpoints } from '../core/webhooks/webhook-endpoints.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { print } from './report.ts';
import { withCoreDatabase } from './with-core.ts';

export function addWebhooksCommands(program: Command): void {
  const webhooks = program.command('webhooks').description('manage where sites get their events');
  webhooks
    .command('add')
    .description('register an endpoint of a site; its secret is shown once')
    .requiredOption('--site <id>', 'client id of the site')
    .requiredOption('--url <url>', 'address that takes the events')
    .option('--json', 'one JSON object: endpoint_id, webhook_secret')
    .action(async (options: { site: string; url: string; json?: boolean }, command: Command) => {
      await withCoreDatabase(command, async ({ settings, database }) => {
        const secretBox = SecretBox.fromKeyFile(settings.core.secretFile);
        const endpoints = new WebhookEndpoints({ secretBox, policy: settings.outbound });
        const { tenantId } = settings;
        const { endpointId, secret } = await database.inTenant(tenantId, (tx) =>
          endpoints.register(tx, { tenantId, siteId: options.site, url: options.url }),
        );
        print(
          { endpoint_id: endpointId, webhook_secret: secret },
          { json: options.json, text: `Registered. The secret is not shown again:\n\n  ${secret}` },
        );
      });
    });
}
