import type { Command } from 'commander';
import { SigningKeyRepository } from '../core/oidc/signing-key-repository.ts';
import { SigningKeys } from '../core/oidc/signing-keys.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { print } from './report.ts';
import { withCoreDatabase } from './with-core.ts';

export function addKeysCommands(program: Command): void {
  const keys = program.command('signing-keys').description('keys that sign passports');
  keys
    .command('rotate')
    .description('sign with the next key, which every verifier has already, and publish a new next one')
    .option('--json', 'one JSON object')
    .action(async (options: { json?: boolean }, command: Command) => {
      await withCoreDatabase(command, async ({ settings, database }) => {
        const repository = new SigningKeyRepository(database, settings.tenantId);
        const secrets = SecretBox.fromKeyFile(settings.core.secretFile);
        await new SigningKeys({ repository, secrets, tenantId: settings.tenantId }).rotate();
        await showKeys(repository, options);
      });
    });
  keys
    .command('status')
    .description('list the published keys')
    .option('--json', 'one JSON object')
    .action(async (options: { json?: boolean }, command: Command) => {
      await withCoreDatabase(command, ({ settings, database }) =>
        showKeys(new SigningKeyRepository(database, settings.tenantId), options),
      );
    });
  const secrets = program.command('secrets').description('files with secrets of the core');
  secrets
    .command('create <file>')
    .description('make a core secret file (mode 600); keeps one that is there')
    .action((file: string) => SecretBox.createKeyFile(file));
}

async function showKeys(repository: SigningKeyRepository, { json }: { json?: boolean }): Promise<void> {
  const keys = (await repository.list()).map(({ kid, alg, state }) => ({ kid, alg, state }));
  print(
    { keys },
    {
      json,
      text:
        keys.map((key) => `${key.kid}  ${key.alg}  ${key.state}`).join('\n') ||
        'No keys yet: the core makes them at its first start.',
    },
  );
}
