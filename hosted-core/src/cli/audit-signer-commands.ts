import type { Command } from 'commander';
import { appendAudit } from '../audit/audit-log.ts';
import { readNewestCheckpoint, readSuccessions } from '../audit/checkpoint-repository.ts';
import { readClosedLogs } from '../audit/closed-log-repository.ts';
import { openNote } from '../audit/signed-note.ts';
import { SignerFile } from '../audit/signer-file.ts';
import { print } from './report.ts';
import { type ChainContext, HALVES, type Half, halfOption, withChain } from './with-chain.ts';
import { settingsOf } from './with-core.ts';

/** `userref-core audit signer …` and `userref-core audit keys`. */
export function addAuditSignerCommands(audit: Command): void {
  audit
    .command('keys')
    .description('print the public keys of a log, for auditors')
    .addOption(halfOption())
    .option(
      '--successions',
      'print the notes in which older keys vouch for newer ones, and closed logs for the next, as JSON lines',
    )
    .action((options: { half: Half; successions?: boolean }, command: Command) =>
      withChain(command, options.half, (context) =>
        options.successions ? printSuccessions(context) : printKeys(context),
      ),
    );
  const signer = audit.command('signer').description('the keys that sign checkpoints');
  signer
    .command('create <file>')
    .description('make a file with one key (mode 600); keeps one that is there')
    .action((file: string) => SignerFile.create(file));
  signer
    .command('rotate')
    .description('add a key; from now on the old and the new one sign')
    .action(async (_options, command: Command) => {
      signerOf(signerFileOf(command)).rotate(new Date());
      for (const half of HALVES) await withChain(command, half, noteRotation);
      process.stdout.write('Added. Give auditors the new public keys, then run: audit signer retire\n');
    });
  signer
    .command('retire')
    .description('remove all keys but the newest; refused until that one has signed both logs')
    .action(async (_options, command: Command) => {
      for (const half of HALVES) await withChain(command, half, refuseEarlyRetirement);
      signerOf(signerFileOf(command)).retire();
      process.stdout.write('Only the newest key signs now.\n');
    });
}

/** @throws Error when the settings name no signer file */
export function signerOf(file: string | undefined): SignerFile {
  if (file === undefined) throw new Error('USERREF_AUDIT_SIGNER_FILE is not set: nothing can be signed.');
  return new SignerFile(file);
}

/** Keys that count for the operator: those in the file, oldest first. */
export function publicKeysOf({ settings, log }: ChainContext): string[] {
  return signerOf(settings.audit.signerFile)
    .signers(log)
    .map((one) => one.publicKey);
}

function signerFileOf(command: Command): string | undefined {
  return settingsOf(command).audit.signerFile;
}

async function printKeys(context: ChainContext): Promise<void> {
  if (context.log === '') throw new Error('The log has no entry yet, so it has no name to sign in.');
  print({}, { text: publicKeysOf(context).join('\n') });
}

async function printSuccessions({ chain }: ChainContext): Promise<void> {
  const { keys, logs } = await chain.database.inTenant(chain.tenantId, async (tx) => ({
    keys: await readSuccessions(tx, chain),
    logs: await readClosedLogs(tx, chain),
  }));
  const notes = [
    ...keys.map(({ note, createdAt }) => ({ note, at: createdAt })),
    ...logs.map(({ link, closedAt }) => ({ note: link, at: closedAt })),
  ];
  // In the order in which they can be followed.
  for (const { note } of notes.sort((a, b) => a.at.getTime() - b.at.getTime()))
    print({ note }, { json: true, text: '' });
}

/** The entry brings about a checkpoint by both keys, with the older one's word for the newer. */
async function noteRotation({ chain }: ChainContext): Promise<void> {
  const { tenantId, schema } = chain;
  await chain.database.inTransaction((tx) =>
    appendAudit(tx, schema, [{ tenantId, action: 'audit.signer_rotated' }]),
  );
}

async function refuseEarlyRetirement(context: ChainContext): Promise<void> {
  const { chain } = context;
  const newestKey = publicKeysOf(context).at(-1);
  const { checkpoint, successions } = await chain.database.inTenant(chain.tenantId, async (tx) => ({
    checkpoint: await readNewestCheckpoint(tx, chain),
    successions: await readSuccessions(tx, chain),
  }));
  const signed = checkpoint && newestKey && openNote(checkpoint.note, [newestKey]) !== undefined;
  const vouchedFor = successions.some((one) => one.publicKey === newestKey);
  if (publicKeysOf(context).length < 2 || (signed && vouchedFor)) return;
  throw new Error(
    `The newest key has not signed the log of the ${chain.schema} yet. Wait for its next checkpoint, then retire.`,
  );
}
