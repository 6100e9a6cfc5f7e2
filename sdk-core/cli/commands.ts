import { ADD_HELP, addCommand } from './add/add-command.ts';
import { AUDIT_HELP, auditCommand } from './audit/audit-command.ts';
import type { Command } from './console/run-command.ts';
import { DEV_HELP, devCommand } from './dev/dev-command.ts';
import { DOCTOR_HELP, doctorCommand } from './doctor/doctor-command.ts';
import { EXPLAIN_HELP, explainCommand } from './explain/explain-command.ts';
import { passportCommand } from './passport/passport-command.ts';
import { PASSPORT_HELP } from './passport/passport-help.ts';
import { RECEIPT_HELP, receiptCommand } from './receipt/receipt-command.ts';
import { SCAN_HELP, scanCommand } from './scan/scan-command.ts';
import { TYPES_HELP, typesCommand } from './types/types-command.ts';
import { webhooksCommand } from './webhooks/webhooks-command.ts';
import { WEBHOOKS_HELP } from './webhooks/webhooks-help.ts';

/** Every verb of the command line, in the order in which people meet them. */
export const COMMANDS: readonly Command[] = [
  { name: 'dev', summary: 'start the emulator and register your site', help: DEV_HELP, run: devCommand },
  { name: 'add', summary: 'put the login into a Next.js or Express site', help: ADD_HELP, run: addCommand },
  {
    name: 'types',
    summary: 'write types of what your site may ask for',
    help: TYPES_HELP,
    run: typesCommand,
  },
  {
    name: 'doctor',
    summary: 'find what is wrong with your site’s settings',
    help: DOCTOR_HELP,
    run: doctorCommand,
  },
  { name: 'explain', summary: 'say what an error code means', help: EXPLAIN_HELP, run: explainCommand },
  { name: 'passport', summary: 'check, read or make passports', help: PASSPORT_HELP, run: passportCommand },
  { name: 'webhooks', summary: 'check, receive or send events', help: WEBHOOKS_HELP, run: webhooksCommand },
  {
    name: 'scan',
    summary: 'look for personal data where there should be none',
    help: SCAN_HELP,
    run: scanCommand,
  },
  { name: 'audit', summary: 'check an exported audit log', help: AUDIT_HELP, run: auditCommand },
  { name: 'receipt', summary: 'check a consent receipt', help: RECEIPT_HELP, run: receiptCommand },
];

export function overview(): string {
  const rows = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`);
  return [
    'userref: what a site needs around the SDK of Userref',
    '',
    ...rows,
    '',
    'userref COMMAND --help tells more, userref --version the version.',
    'Exit codes: 0 good · 1 the answer is no, or it failed · 2 wrong command line',
  ].join('\n');
}
