import type { Command } from 'commander';
import { checkKeyService, createRootKey } from '../cell/vault/open-vault.ts';
import { UserrefError } from '../errors/userref-error.ts';
import { print } from './report.ts';
import { settingsOf } from './with-core.ts';

export function addKmsCommands(program: Command): void {
  const kms = program.command('kms').description('the key service that protects the vault');
  kms
    .command('check')
    .description('wrap and unwrap a random key, and see that it does not open in another place')
    .option('--json', 'one JSON object')
    .action(async (options: { json?: boolean }, command: Command) => check(options, command));
  kms
    .command('create-key')
    .description('make the root key that USERREF_KMS names (file: and pkcs11: only); keeps one that is there')
    .action(async (_options, command: Command) => {
      const { cell } = settingsOf(command);
      await explained(createRootKey(cell.keyService));
      process.stdout.write('The root key is there. Back it up: without it no personal data can be opened.\n');
    });
}

async function check({ json }: { json?: boolean }, command: Command): Promise<void> {
  const { cell, region } = settingsOf(command);
  const { rootKeyId, wrapMs, unwrapMs } = await explained(checkKeyService(cell.keyService, region));
  const [wrap, unwrap] = [wrapMs, unwrapMs].map((ms) => Math.round(ms * 10) / 10);
  print(
    { root_key_id: rootKeyId, wrap_ms: wrap, unwrap_ms: unwrap },
    {
      json,
      text: `The key service works.\n\n  root key  ${rootKeyId}\n  wrap      ${wrap} ms\n  unwrap    ${unwrap} ms`,
    },
  );
}

/** Callers of the service learn no more than its code; who runs this command is the operator, who must mend it. */
export async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    throw new Error(`${error.code}: ${error.logDetail ?? error.detail}`, { cause: error });
  }
}
