import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAuditCommands } from './audit-commands.ts';
import { addCatalogueCommands } from './catalogue-commands.ts';
import { addConfigCommands } from './config-commands.ts';
import { addDsrCommands, addRestoreCommands } from './dsr-commands.ts';
import { addKeysCommands } from './keys-commands.ts';
import { addKmsCommands } from './kms-commands.ts';
import { addReceiptKeysCommands } from './receipt-keys-commands.ts';
import { reportAndExit } from './report.ts';
import { addRevokeCommands } from './revoke-commands.ts';
import { addServeCommands } from './serve-commands.ts';
import { addSitesCommands } from './sites-commands.ts';
import { addUpstreamCommands } from './upstream-commands.ts';
import { addVaultKeysCommands } from './vault-keys-commands.ts';
import { addWebhooksCommands } from './webhooks-commands.ts';

const program = new Command('userref-core')
  .description('Runs and manages a hosted core of Userref.')
  .option(
    '--config <file>',
    'settings as NAME=value lines; the environment wins. Default: .userref/core.env here or above, if nothing is set',
  )
  .showHelpAfterError('(add --help for the options)')
  .addHelpText(
    'after',
    `
Exit codes: 0 done · 1 refused or failed · 2 wrong command line · 78 wrong configuration
Settings:   userref-core config reference
Version:    userref-core --version`,
  );

// Commands take this over when they are added.
program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

addServeCommands(program);
addSitesCommands(program);
addCatalogueCommands(program);
addWebhooksCommands(program);
addRevokeCommands(program);
addKeysCommands(program);
addReceiptKeysCommands(program);
addVaultKeysCommands(program);
addKmsCommands(program);
addDsrCommands(program);
addRestoreCommands(program);
addAuditCommands(program);
addUpstreamCommands(program);
addConfigCommands(program);

// Not an option of the program: it would take `--version N` of the commands for keys.
if (process.argv[2] === '--version') showVersion();
else await program.parseAsync().catch(reportAndExit);

function showVersion(): void {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
}
