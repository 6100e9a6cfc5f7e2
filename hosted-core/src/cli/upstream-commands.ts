import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { addSecret, check, rotateWebhookKey, setUp } from '../cell/upstream/set-up/logto-desk.ts';
import type { SetUpResult } from '../cell/upstream/set-up/set-up-logto.ts';
import { print } from './report.ts';
import { settingsOf } from './with-core.ts';

interface SetUpOptions {
  readonly endpoint: string;
  readonly adminEndpoint?: string;
  readonly clientId: string;
  readonly clientSecretFile: string;
  readonly cellUrl: string;
  readonly out: string;
  readonly json?: boolean;
}

export function addUpstreamCommands(program: Command): void {
  const upstream = program.command('upstream').description('the sign-in service: Logto');
  addSetUp(upstream);
  upstream
    .command('check')
    .description('look whether Logto is set up for this cell, and the clocks agree')
    .option('--json', 'one JSON object: checks')
    .action(async (options: { json?: boolean }, command: Command) => {
      const settings = settingsOf(command);
      const checks = await check(settings.upstream, settings.cell.url);
      const text = checks.map(
        ({ check: name, ok, advice }) => `${ok ? 'ok ' : 'NOT'} ${name}${advice && `: ${advice}`}`,
      );
      print({ checks }, { json: options.json, text: text.join('\n') });
      if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
    });
  upstream
    .command('rotate-secret')
    .description(
      'add another secret to our application at Logto; the old one stays valid until it is deleted there',
    )
    .requiredOption('--out <file>', 'file for the new setting, readable for you alone')
    .action(async (options: { out: string }, command: Command) => {
      const secret = await addSecret(settingsOf(command).upstream);
      writeSettings(options.out, { USERREF_UPSTREAM_CLIENT_SECRET: secret });
      print(
        {},
        {
          text: `Put the setting of ${options.out} into place, restart, then delete the old secret in Logto.`,
        },
      );
    });
  upstream
    .command('rotate-webhook-key')
    .description(
      'give the webhook another signing key, at once; the old one stays accepted until you take it out',
    )
    .requiredOption('--out <file>', 'file for the new setting, readable for you alone')
    .action(async (options: { out: string }, command: Command) => {
      const { upstream: settings, cell } = settingsOf(command);
      const key = await rotateWebhookKey(settings, cell.url);
      const keys = [key, ...(settings.webhookKeys ?? []).slice(0, 1)].join(',');
      writeSettings(options.out, { USERREF_LOGTO_WEBHOOK_KEYS: keys });
      print(
        {},
        {
          text: `Put the setting of ${options.out} into place and restart now: until then events are refused.`,
        },
      );
    });
}

function addSetUp(upstream: Command): void {
  upstream
    .command('setup-logto')
    .description('register everything that a cell needs in a Logto; safe to run again')
    .requiredOption('--endpoint <url>', 'address of Logto, such as https://logto.example.eu')
    .option('--admin-endpoint <url>', 'address of its admin tenant, for the seeded client m-default')
    .option('--client-id <id>', 'client that may use the Management API', 'm-default')
    .requiredOption('--client-secret-file <file>', 'file with its secret')
    .requiredOption('--cell-url <url>', 'public address of the cell')
    .requiredOption('--out <file>', 'file for the settings, readable for you alone')
    .option('--json', 'one JSON object: done')
    .action(async (options: SetUpOptions) => {
      const clientSecret = readFileSync(options.clientSecretFile, 'utf8').trim();
      const [endpoint, cellUrl] = [options.endpoint, options.cellUrl].map((url) => url.replace(/\/$/, ''));
      const adminEndpoint = options.adminEndpoint?.replace(/\/$/, '');
      const result = await setUp({
        ...{ endpoint: endpoint ?? '', adminEndpoint, clientId: options.clientId, clientSecret },
        cellUrl: cellUrl ?? '',
      });
      writeSettings(options.out, settingsFor(endpoint ?? '', result));
      const text = [
        ...(result.done.length > 0 ? result.done : ['all was there']),
        `The settings are in ${options.out}.`,
      ];
      print({ done: result.done }, { json: options.json, text: text.join('\n') });
    });
}

function settingsFor(
  endpoint: string,
  { signIn, management, webhookKey }: SetUpResult,
): Record<string, string> {
  return {
    USERREF_UPSTREAM_PRESET: 'logto',
    USERREF_UPSTREAM_ISSUER: `${endpoint}/oidc`,
    USERREF_UPSTREAM_CLIENT_ID: signIn.clientId,
    USERREF_UPSTREAM_CLIENT_SECRET: signIn.clientSecret,
    USERREF_LOGTO_MANAGEMENT_CLIENT_ID: management.clientId,
    USERREF_LOGTO_MANAGEMENT_CLIENT_SECRET: management.clientSecret,
    USERREF_LOGTO_WEBHOOK_KEYS: webhookKey,
  };
}

function writeSettings(file: string, values: Record<string, string>): void {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
}
