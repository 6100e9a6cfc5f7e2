import { AUDIT_HELP, auditCommand } from './audit/audit-command.ts';
import type { Command } from './console/run-command.ts';
import { DEV_HELP, devCommand } from './dev/dev-command.ts';
import { PASSPORT_HELP, passportCommand } from './passport/passport-command.ts';
import { RECEIPT_HELP, receiptCommand } from './receipt/receipt-command.ts';
import { SCAN_HELP, scanCommand } from './scan/scan-command.ts';

/** Every verb of the command line, in the order in which people meet them. */
export const COMMANDS: readonly Command[] = [
  { name: 'dev', summary: 'start the emulator and register your site', help: DEV_HELP, run: devCommand },
  {
    name: 'passport',
    summary: 'check, read or make passports',
    help: PASSPORT_HELP,
    run: passportCommand,
  },
  {
    name: 'scan',
    summary: 'look for personal data where there should be none',
    help: SCAN_HELP,
    run: scanCommand,
  },
  {
    name: 'audit',
    summary: 'check an exported audit log',
    help: AUDIT_HELP,
    run: auditCommand,
  },
  { name: 'receipt', summary: 'check a consent receipt', help: RECEIPT_HELP, run: receiptCommand },
];

export function overview(): string {
  const rows = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`);
  return [
    'userref: what a site needs around the SDK of Userref',
    '',
    ...rows,
    '',
    'userref COMMAND --help tells more. Exit codes: 0 good · 1 the answer is no, or it failed · 2 wrong command line',
  ].join('\n');
}
