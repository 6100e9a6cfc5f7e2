import type { Command } from 'commander';
import { ReceiptKeys } from '../cell/consent/receipt-keys.ts';
import { Database } from '../database/database.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { print } from './report.ts';
import { settingsOf } from './with-core.ts';

/** `userref-core receipt-keys …`: the cell's keys that sign consent receipts. */
export function addReceiptKeysCommands(program: Command): void {
  const keys = program.command('receipt-keys').description('keys that sign consent receipts');
  keys
    .command('rotate')
    .description('sign with a new key; the old ones stay published, since people keep receipts for years')
    .option('--json', 'one JSON object')
    .action((options: { json?: boolean }, command: Command) =>
      withKeys(command, async (receiptKeys) => {
        await receiptKeys.rotate();
        await show(receiptKeys, options);
      }),
    );
  keys
    .command('status')
    .description('list the published keys, the one that signs first')
    .option('--json', 'one JSON object')
    .action((options: { json?: boolean }, command: Command) =>
      withKeys(command, (receiptKeys) => show(receiptKeys, options)),
    );
}

async function withKeys(command: Command, work: (keys: ReceiptKeys) => Promise<void>): Promise<void> {
  const { tenantId, cell, core } = settingsOf(command);
  const database = new Database({
    connectionString: cell.databaseUrl,
    applicationName: 'userref-cell-cli',
    maxConnections: 2,
  });
  const secrets = new SecretBox(SecretBox.fromKeyFile(core.secretFile).deriveKey('cell-receipts'));
  try {
    await work(new ReceiptKeys({ database, tenantId, secrets }));
  } finally {
    await database.close();
  }
}

async function show(receiptKeys: ReceiptKeys, { json }: { json?: boolean }): Promise<void> {
  const keys = (await receiptKeys.jwks()).keys.map(({ kid, alg }, index) => ({
    ...{ kid, alg },
    state: index === 0 ? 'active' : 'published',
  }));
  print({ keys }, { json, text: keys.map((key) => `${key.kid}  ${key.alg}  ${key.state}`).join('\n') });
}
