#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { UserrefError } from '@userref/sdk-core';
import packageJson from '../package.json' with { type: 'json' };
import { openApiDocument, type RunningBridge, readBridgeSettings, startBridge } from '../src/index.ts';
import { usage } from './usage.ts';

const EXIT = { failed: 1, usage: 2, settings: 78 } as const;
const COMMANDS = ['start', 'check', 'openapi', 'secret'] as const;
type Command = (typeof COMMANDS)[number];

async function main(): Promise<number> {
  const words = readWords();
  if (typeof words === 'string') {
    process.stderr.write(`${words} See --help.\n`);
    return EXIT.usage;
  }
  if (words.isHelp) process.stdout.write(usage());
  else if (words.isVersion) process.stdout.write(`${packageJson.version}\n`);
  else if (words.command === 'openapi')
    process.stdout.write(`${JSON.stringify(openApiDocument(), null, 2)}\n`);
  else if (words.command === 'secret') process.stdout.write(`${randomBytes(32).toString('base64url')}\n`);
  else return run(words);
  return 0;
}

interface Words {
  readonly command: Command;
  readonly isHelp: boolean;
  readonly isVersion: boolean;
  readonly file: string | undefined;
}

/** What the words ask for, or what is wrong with them. */
function readWords(): Words | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
        config: { type: 'string' },
      },
    });
    const [word = 'start', tooMany] = positionals;
    const command = COMMANDS.find((name) => name === word);
    if (command === undefined) return `There is no command «${word}».`;
    if (tooMany !== undefined) return `«${tooMany}» is one word too many.`;
    const { help: isHelp = false, version: isVersion = false, config: file } = values;
    return { command, isHelp, isVersion, file };
  } catch (error) {
    const [what = ''] = (error as Error).message.split('. To specify'); // Node goes on about leading hyphens.
    return `${what}.`;
  }
}

async function run({ command, file }: Words): Promise<number> {
  const settings = readBridgeSettings({ environment: process.env, file });
  if (command === 'check') {
    process.stdout.write('The settings are right.\n');
    return 0;
  }
  const bridge = await startBridge(settings);
  process.stderr.write(`userref-php-bridge listens on ${bridge.address}\n`);
  process.on('SIGHUP', () => readSecretsAnew(bridge, file));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void bridge.stop().then(() => process.exit(0)));
  }
  return 0;
}

/** What is wrong is said, and the secrets stay as they are. */
function readSecretsAnew(bridge: RunningBridge, file: string | undefined): void {
  try {
    bridge.replaceSecrets(readBridgeSettings({ environment: process.env, file }).secrets);
    process.stderr.write('The bridge secrets were read anew.\n');
  } catch (error) {
    explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof UserrefError && error.code === 'config_invalid') {
    const problems = error.detail.split('; ').map((problem) => `  - ${problem}`);
    process.stderr.write(`config_invalid: the settings are wrong:\n${problems.join('\n')}\nSee --help.\n`);
    return EXIT.settings;
  }
  process.stderr.write(
    `userref-php-bridge could not start: ${error instanceof Error ? error.message : ''}\n`,
  );
  return EXIT.failed;
}

process.exitCode = await main().catch(explain);
