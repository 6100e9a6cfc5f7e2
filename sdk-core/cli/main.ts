#!/usr/bin/env node
import { AUDIT_HELP, auditCommand } from './audit/audit-command.ts';
import { EvidenceError } from './audit/checkpoint.ts';
import { PASSPORT_HELP, passportCommand } from './passport/passport-command.ts';
import { RECEIPT_HELP, receiptCommand } from './receipt/receipt-command.ts';

const [command, ...rest] = process.argv.slice(2);
const out = (text: string) => process.stdout.write(`${text}\n`);
const progress = process.stderr.isTTY ? (text: string) => process.stderr.write(`\r${text}`) : undefined;

const COMMANDS: Readonly<Record<string, () => Promise<number>>> = {
  audit: () => auditCommand(rest, { out, progress }),
  receipt: () => receiptCommand(rest, { out }),
  passport: () => passportCommand(rest, { out }),
};
const chosen = COMMANDS[command ?? ''];

if (chosen && !rest.includes('--help')) process.exitCode = await run(chosen);
else {
  out(`${AUDIT_HELP}\n\n${RECEIPT_HELP}\n\n${PASSPORT_HELP}`);
  process.exitCode = command === undefined || rest.includes('--help') || command === '--help' ? 0 : 2;
}

async function run(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'failed for an unknown reason'}\n`);
    return error instanceof EvidenceError ? 1 : 2;
  }
}
