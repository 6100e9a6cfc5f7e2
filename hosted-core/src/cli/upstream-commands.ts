import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { addSecret, check, rotateWebhookKey, setUp } from '../cell/upstream/set-up/logto-desk.ts';
import type { SetUpResult } from '../cell/upstream/set-up/set-up-logto.ts';
import { writePrivateFile } from './private-file.ts';
import { print } from './report.ts';
import { addRoundsCommands } from './upstream-rounds-commands.ts';
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

interface OutOptions {
  readonly out: string;
  readonly json?: boolean;
}

const OUT = ['--out <file>', 'file for the new setting, readable for you alone'] as const;

export function addUpstreamCommands(program: Command): void {
  const upstream = program.command('upstream').description('the sign-in service: Logto, or another provider');
  addSetUp(upstream);
  addDoctor(upstream);
  addRoundsCommands(upstream);
  upstream
    .command('rotate-secret')
    .description(
      'add another secret to our application at Logto; the old one stays valid until it is deleted there',
    )
    .requiredOption(...OUT)
    .option('--json', 'one JSON object: out')
    .action(async ({ out, json }: OutOptions, command: Command) => {
      const secret = await addSecret(settingsOf(command).upstream);
      writeSettings(out, { USERREF_UPSTREAM_CLIENT_SECRET: secret });
      const text = `Put the setting of ${out} into place, restart, then delete the old secret in Logto’s Console.`;
      print({ out }, { json, text });
    });
  upstream
    .command('rotate-webhook-key')
    .description(
      'give the webhook another signing key, at once; the old one stays accepted until you take it out',
    )
    .requiredOption(...OUT)
    .option('--json', 'one JSON object: out')
    .action(async ({ out, json }: OutOptions, command: Command) => {
      const { upstream: settings, cell } = settingsOf(command);
      const key = await rotateWebhookKey(settings, cell.url);
      const keys = [key, ...(settings.webhookKeys ?? []).slice(0, 1)].join(',');
      writeSettings(out, { USERREF_LOGTO_WEBHOOK_KEYS: keys });
      const text = `Put the setting of ${out} into place and restart now: until then events are refused, and found again by the next round.`;
      print({ out }, { json, text });
    });
}

function addDoctor(upstream: Command): void {
  upstream
    .command('doctor')
    .alias('check')
    .description(
      'look whether the sign-in service is set up for this cell, answers, and keeps the time; changes nothing',
    )
    .option('--json', 'one JSON object: checks, each with check, ok, advice')
    .action(async (options: { json?: boolean }, command: Command) => {
      const settings = settingsOf(command);
      const checks = await check(settings.upstream, settings.cell.url);
      const text = checks.map(
        ({ check: name, ok, advice }) => `${ok ? 'ok ' : 'NOT'} ${name}${advice && `: ${advice}`}`,
      );
      print({ checks }, { json: options.json, text: text.join('\n') });
      if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
    });
}

function addSetUp(upstream: Command): void {
  upstream
    .command('setup-logto')
    .description('register everything that a cell needs in a Logto; safe to run again')
    .requiredOption('--endpoint <url>', 'address of Logto, such as https://logto.example.eu', address)
    .option('--admin-endpoint <url>', 'address of its admin tenant, for the seeded client m-default', address)
    .option('--client-id <id>', 'client that may use the Management API', 'm-default')
    .requiredOption('--client-secret-file <file>', 'file with its secret')
    .requiredOption('--cell-url <url>', 'public address of the cell', address)
    .requiredOption('--out <file>', 'file for the settings, readable for you alone; replaced if it is there')
    .option('--json', 'one JSON object: done, out, settings (names only)')
    .addHelpText(
      'after',
      `
Registers the sign-in application, an application of our own for the Management API with its role, and the webhook.
What is there and right stays; what is wrong is corrected. Secrets go into the file and nowhere else.

  userref-core upstream setup-logto --endpoint https://logto.example.eu --admin-endpoint http://localhost:3002 \\
    --client-secret-file m-default.secret --cell-url https://eu.id.example.eu --out upstream.env`,
    )
    .action(async (options: SetUpOptions) => {
      const { endpoint, adminEndpoint, clientId, cellUrl, out } = options;
      const clientSecret = readSecret(options.clientSecretFile);
      const result = await setUp({ endpoint, adminEndpoint, clientId, clientSecret, cellUrl });
      const settings = settingsFor(endpoint, result);
      writeSettings(out, settings);
      const text = [
        ...(result.done.length > 0 ? result.done : ['Everything was there already.']),
        `The settings are in ${out}. Next: restart with them, then \`userref-core upstream doctor\`.`,
      ];
      const names = Object.keys(settings);
      print({ done: result.done, out, settings: names }, { json: options.json, text: text.join('\n') });
    });
}

/** Without a slash at the end. */
function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new InvalidArgumentError('It must be an address such as https://logto.example.eu.');
  if (url.pathname.endsWith('/oidc')) throw new InvalidArgumentError('Leave out the /oidc.');
  return url.href.replace(/\/+$/, '');
}

function readSecret(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch {
    throw new Error(`${file} cannot be read. Write the client’s secret into it, and nothing else.`);
  }
  if (text === '') throw new Error(`${file} is empty. Write the client’s secret into it, and nothing else.`);
  return text;
}

/** What a cell needs of a set-up, by the names of its settings. */
export function settingsFor(
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
  writePrivateFile(file, lines.join(''));
}
