import type { Command } from 'commander';
import type { RootKeyUse } from '../cell/vault/rotation/root-keys.ts';
import { explained } from './kms-commands.ts';
import { print } from './report.ts';
import { withVault } from './with-vault.ts';

const ROLES = {
  wraps: 'wraps (USERREF_KMS)',
  opens: 'opens only (USERREF_KMS_ALSO)',
  unknown: 'not configured: what it wraps cannot be opened here',
} as const;

/** `userref-core keys root-keys`, `rotate-root` and `retire-root`: the keys above the vault's own. */
export function addRootKeysCommands(keys: Command): void {
  keys
    .command('root-keys')
    .description('list the root keys and how many keys of the vault each one wraps')
    .option('--json', 'one JSON object')
    .action((options: { json?: boolean }, command: Command) =>
      withVault(command, async ({ rootKeys, tenantId }) => {
        const used = await rootKeys.status(tenantId);
        const json = used.map(({ rootKeyId, keys: count, role }) => ({
          root_key: rootKeyId,
          keys: count,
          role,
        }));
        print({ root_keys: json }, { json: options.json, text: used.map(line).join('\n') });
      }),
    );
  keys
    .command('rotate-root')
    .description('wrap the vault’s keys anew under the root key in USERREF_KMS; may be stopped and repeated')
    .option('--all', 'also those that it wraps already, for a root key with versions (Vault, GCP)')
    .option('--json', 'one JSON object: moved, unreadable, remaining')
    .action((options: { all?: boolean; json?: boolean }, command: Command) =>
      withVault(command, async ({ rootKeys, tenantId }) => {
        const onMoved = (key: { class: string; version: number }) =>
          options.json || process.stdout.write(`moved ${key.class} v${key.version}\n`);
        const result = await explained(
          rootKeys.move(tenantId, { onMoved, ...(options.all && { all: true }) }),
        );
        const { moved, unreadable, remaining } = result;
        const lost = unreadable > 0 ? ` ${unreadable} do not open and stay as they are.` : '';
        const text = `${moved} key(s) moved, ${remaining} left under another root key.${lost}`;
        print({ ...result }, { json: options.json, text });
        if (unreadable > 0) process.exitCode = 1;
      }),
    );
  keys
    .command('retire-root <root-key>')
    .description('make sure that no key is under this root key any more; refused with the count otherwise')
    .option('--json', 'one JSON object')
    .action((rootKey: string, options: { json?: boolean }, command: Command) =>
      withVault(command, async ({ rootKeys, tenantId }) => {
        await rootKeys.retire(tenantId, rootKey);
        const text = `No key of ${tenantId} is under ${rootKey}. Remove it from USERREF_KMS_ALSO; destroy it when no backup of keys needs it.`;
        print({ root_key: rootKey, in_use: 0 }, { json: options.json, text });
      }),
    );
}

function line({ rootKeyId, keys, role }: RootKeyUse): string {
  return `${rootKeyId}  ${keys} key(s)  ${ROLES[role]}`;
}
