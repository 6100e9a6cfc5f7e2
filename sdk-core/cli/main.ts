#!/usr/bin/env node
import { AUDIT_HELP, auditCommand } from './audit/audit-command.ts';
import { EvidenceError } from './audit/checkpoint.ts';

const [command, ...rest] = process.argv.slice(2);
const out = (text: string) => process.stdout.write(`${text}\n`);
const progress = process.stderr.isTTY ? (text: string) => process.stderr.write(`\r${text}`) : undefined;

if (command === 'audit' && !rest.includes('--help')) process.exitCode = await run();
else {
  out(AUDIT_HELP);
  process.exitCode = command === undefined || rest.includes('--help') || command === '--help' ? 0 : 2;
}

async function run(): Promise<number> {
  try {
    return await auditCommand(rest, { out, progress });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'failed for an unknown reason'}\n`);
    return error instanceof EvidenceError ? 1 : 2;
  }
}
