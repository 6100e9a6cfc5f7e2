import type { Command } from 'commander';
import { type ErasureDesk, openErasureDesk } from '../dependencies.ts';
import { UserrefError } from '../errors/userref-error.ts';
import { randomBase32, USER_REF_PATTERN } from '../ids/random-ids.ts';
import { createLogger } from '../observability/logger.ts';
import type { ErasureReceipt } from '../wall/erasure.ts';
import { addFindCommand } from './find-command.ts';
import { addFingerprintsCommand } from './fingerprints-command.ts';
import { print } from './report.ts';
import { settingsOf } from './with-core.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** Data subject requests (GDPR Articles 15 to 22), as far as an operator carries them out by hand. */
export function addDsrCommands(program: Command): void {
  const dsr = program.command('dsr').description('data subject requests');
  dsr
    .command('erase')
    .description('erase a person everywhere, at once and for good, and tell every site that knew them')
    .requiredOption('--user-ref <ref>', 'what any one site knows the person by')
    .option(
      '--request-id <id>',
      'your id of the request, 8 to 64 letters, digits, - and _; repeating it is safe',
    )
    .option('--json', 'one JSON object: the receipt')
    .action(async (options: JsonOption & { userRef: string; requestId?: string }, command: Command) => {
      const { userRef, requestId = `dsr_${randomBase32(26)}` } = options;
      if (!USER_REF_PATTERN.test(userRef)) throw new UserrefError('not_found');
      await atDesk(command, async (desk) => showReceipt(await desk.erase({ userRef, requestId }), options));
    });
  dsr
    .command('status <request-id>')
    .description('show the receipt of an erasure, and which sites have been told')
    .option('--json', 'one JSON object: the receipt')
    .action(async (requestId: string, options: JsonOption, command: Command) => {
      await atDesk(command, async (desk) => showReceipt(await desk.receipt(requestId), options));
    });
  addFindCommand(dsr);
  addFingerprintsCommand(dsr);
}

export function addRestoreCommands(program: Command): void {
  program
    .command('restore')
    .description('after a database was restored from a backup')
    .command('replay-tombstones')
    .description(
      'erase again whoever was erased after the backup was made; the service works again afterwards',
    )
    .option('--json', 'one JSON object: core, cell')
    .action(async (options: JsonOption, command: Command) => {
      const result = await atDesk(command, (desk) => desk.replay());
      const lines = (['cell', 'core'] as const).map((half) => {
        const { tombstones, restored, erasedAgain } = result[half];
        return `${half}: ${tombstones} tombstones, ${restored} of them new to this database, ${erasedAgain} people erased again`;
      });
      const keys = result.cell.orphanedKeys;
      if (keys > 0) lines.push(`cell: ${keys} data keys deleted that came back without a person`);
      print({ ...result }, { json: options.json, text: lines.join('\n') });
    });
}

async function atDesk<T>(command: Command, work: (desk: ErasureDesk) => Promise<T>): Promise<T> {
  const settings = settingsOf(command);
  const desk = openErasureDesk(settings, createLogger({ level: settings.logLevel }));
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

const SITE_STATES = {
  pending: 'is being told',
  delivered: 'was told',
  parked: 'could not be told: see userref-core webhooks replay',
  no_endpoint: 'takes no webhooks: tell it yourself',
} as const;

function showReceipt(receipt: ErasureReceipt, { json }: JsonOption): void {
  const day = (date: Date) => date.toISOString();
  const sites = receipt.sites?.map(
    (site) => `  ${site.name} (${site.siteId}) ${SITE_STATES[site.state]}, ${day(site.at)}`,
  );
  const text = [
    `Request ${receipt.requestId}: ${receipt.state === 'erased' ? 'erased' : 'erased in the cell, the core follows by itself'}.`,
    `Live: since ${day(receipt.erasedAt)} nothing of the person can be read.`,
    `Backups: from ${day(receipt.backupsUntil)} on no backup opens their data.`,
    sites
      ? `Sites:\n${sites.join('\n') || '  none ever knew the person'}`
      : 'Sites: the core does not answer.',
    `Sign-in service: ${receipt.upstream}`,
  ].join('\n');
  print(
    {
      request_id: receipt.requestId,
      state: receipt.state,
      erased_at: day(receipt.erasedAt),
      backups_until: day(receipt.backupsUntil),
      sites:
        receipt.sites?.map(({ siteId, name, state, at }) => ({ site: siteId, name, state, at: day(at) })) ??
        null,
      upstream: receipt.upstream,
    },
    { json, text },
  );
}
