import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { anchorNewest } from '../audit/anchor-checkpoint.ts';
import { openAnchors } from '../audit/anchors/open-anchors.ts';
import type { Chain } from '../audit/chain.ts';
import { readNewestCheckpoint } from '../audit/checkpoint-repository.ts';
import { Checkpointer } from '../audit/checkpointer.ts';
import { readClosedCheckpoint } from '../audit/closed-log-repository.ts';
import { exportClosedLog, exportEntries } from '../audit/export-entries.ts';
import { proveOwnEntries } from '../audit/own-entries.ts';
import { sequenceAll } from '../audit/sequencer.ts';
import { verifyStoredLog } from '../audit/verify-stored-log.ts';
import { addAuditLogCommands } from './audit-log-commands.ts';
import { addAuditSignerCommands, publicKeysOf, signerOf } from './audit-signer-commands.ts';
import { print } from './report.ts';
import { type ChainContext, type Half, halfOption, withChain } from './with-chain.ts';

interface ExportOptions {
  readonly half: Half;
  readonly out?: string;
  readonly log?: string;
  readonly after?: number;
  readonly from?: Date;
  readonly to?: Date;
  readonly action?: string[];
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the audit logs: export, checkpoints, verification');
  addExport(audit);
  addCheckpoint(audit);
  addVerify(audit);
  addProof(audit);
  addAuditSignerCommands(audit);
  addAuditLogCommands(audit);
}

function addExport(audit: Command): void {
  audit
    .command('export')
    .description('write a log as JSON lines, for auditors and for a SIEM')
    .addOption(halfOption())
    .option('--out <file>', 'default: standard output')
    .option(
      '--log <log>',
      'a closed log as a whole, by its name (see audit logs); default: the one that grows',
    )
    .option(
      '--after <count>',
      'leave out the first so many entries; verify needs a checkpoint of that size',
      count,
    )
    .option('--from <time>', 'entries from this time on (RFC 3339); cannot be verified as a whole', time)
    .option('--to <time>', 'entries before this time; cannot be verified as a whole', time)
    .option('--action <names...>', 'only these actions, such as consent.*; cannot be verified as a whole')
    .action((options: ExportOptions, command: Command) =>
      withChain(command, options.half, async ({ chain }) => {
        const { after, from, to, action: actions } = options;
        const filter = from || to || actions ? { from, to, actions } : undefined;
        const target = options.out ? createWriteStream(options.out, { mode: 0o600 }) : process.stdout;
        const lines = options.log
          ? exportClosedLog(chain, options.log)
          : exportEntries(chain, { after, filter });
        await pipeline(Readable.from(lines), target, { end: target !== process.stdout });
      }),
    );
}

function addCheckpoint(audit: Command): void {
  audit
    .command('checkpoint')
    .description('sign what is new, and print the newest checkpoint')
    .addOption(halfOption())
    .option('--log <log>', 'the last checkpoint of a closed log instead')
    .action((options: { half: Half; log?: string }, command: Command) =>
      withChain(command, options.half, async ({ chain, settings }) => {
        if (options.log) return printClosed(chain, options.log);
        await sequenceAll(chain);
        const signer = signerOf(settings.audit.signerFile);
        await new Checkpointer({ chain, signer, now: () => new Date() }).checkpoint();
        const newest = await chain.database.inTenant(chain.tenantId, (tx) => readNewestCheckpoint(tx, chain));
        if (!newest) throw new Error('The log has no entry yet.');
        process.stdout.write(newest.note);
      }),
    );
  audit
    .command('anchor')
    .description('put the newest checkpoint where the settings say, now')
    .addOption(halfOption())
    .option('--json', 'one JSON object: anchored')
    .action((options: { half: Half; json?: boolean }, command: Command) =>
      withChain(command, options.half, async (context) => {
        const anchored: Record<string, number | null> = {};
        for (const anchor of await anchorsOf(context))
          anchored[anchor.name] = (await anchorNewest(context.chain, anchor)) ?? null;
        const lines = Object.entries(anchored).map(([name, size]) => `${name}: ${size ?? 'has it already'}`);
        print({ anchored }, { json: options.json, text: lines.join('\n') || 'No anchor is set.' });
      }),
    );
}

function addVerify(audit: Command): void {
  audit
    .command('verify')
    .description('check a log in the database against its checkpoints and anchors')
    .addOption(halfOption())
    .option('--public-key <keys...>', 'keys of the log that were retired since, besides those that sign now')
    .option('--json', 'one JSON object: the verdict')
    .action((options: { half: Half; publicKey?: string[]; json?: boolean }, command: Command) =>
      withChain(command, options.half, async (context) => {
        const verdict = await verifyStoredLog(context.chain, {
          publicKeys: context.log === '' ? [] : [...publicKeysOf(context), ...(options.publicKey ?? [])],
          anchors: await anchorsOf(context),
        });
        const text = verdict.ok
          ? [
              `Verified: ${verdict.size} entries, ${verdict.checkpoints} checkpoints.`,
              ...verdict.suspicions.map((one) => `Warning: ${one}.`),
            ].join('\n')
          : `Refused at entry ${verdict.seq}: ${verdict.reason}.`;
        print({ ...verdict }, { json: options.json, text });
        if (!verdict.ok) process.exitCode = 1;
      }),
    );
}

function addProof(audit: Command): void {
  audit
    .command('proof')
    .description('write the entries about one person with their inclusion proofs, as JSON')
    .addOption(halfOption())
    .requiredOption('--subject-ref <uuid>', 'the person’s audit_ref in that half')
    .action((options: { half: Half; subjectRef: string }, command: Command) =>
      withChain(command, options.half, async ({ chain }) => {
        const extract = await proveOwnEntries(chain, { subjectRef: options.subjectRef });
        if (!extract) throw new Error('There is no checkpoint yet.');
        process.stdout.write(`${JSON.stringify(extract)}\n`);
      }),
    );
}

async function printClosed(chain: Chain, log: string): Promise<void> {
  const note = await chain.database.inTenant(chain.tenantId, (tx) => readClosedCheckpoint(tx, chain, log));
  if (!note) throw new Error('There is no such closed log, or it was closed before its first checkpoint.');
  process.stdout.write(note);
}

function anchorsOf({ settings }: ChainContext) {
  return openAnchors(settings.audit, { policy: settings.outbound, now: () => new Date() });
}

function count(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('must be a whole number');
  return Number(value);
}

function time(value: string): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('must be a time such as 2026-11-22T10:00:00Z');
  return date;
}
