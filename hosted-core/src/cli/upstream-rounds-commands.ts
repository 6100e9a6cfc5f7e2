import { type Command, InvalidArgumentError } from 'commander';
import { acceptDeletions, roundsStatus } from '../cell/upstream/reconciliation/rounds-desk.ts';
import type { Round } from '../cell/upstream/reconciliation/rounds-repository.ts';
import { Database } from '../database/database.ts';
import { print } from './report.ts';
import { settingsOf } from './with-core.ts';

/** Rounds of comparing with Logto: how they stand, and what they hold back. */
export function addRoundsCommands(upstream: Command): void {
  upstream
    .command('status')
    .description('show the rounds of comparing with Logto: the last one, and one under way')
    .option('--json', 'one JSON object: last, under_way')
    .action((options: { json?: boolean }, command: Command) =>
      withCell(command, async ({ database, tenantId }) => {
        const { last, underWay } = await roundsStatus(database, tenantId);
        const lines = [
          underWay
            ? `under way since ${underWay.startedAt.toISOString()}: ${found(underWay)}`
            : 'none under way',
          last?.finishedAt
            ? `the last ended ${last.finishedAt.toISOString()}: ${found(last)}`
            : 'none was finished yet',
          ...(last?.held ? [held(last)] : []),
        ];
        const result = {
          last: last ? roundJson(last) : null,
          under_way: underWay ? roundJson(underWay) : null,
        };
        print(result, { json: options.json, text: lines.join('\n') });
      }),
    );
  upstream
    .command('accept-deletions')
    .description(
      'let the next round follow deletions at Logto that were held because they were so many; people are erased',
    )
    .requiredOption(
      '--up-to <n>',
      'so many and no more; `upstream status` says how many are missing',
      wholeNumber,
    )
    .option('--json', 'one JSON object: missing, up_to')
    .action((options: { upTo: number; json?: boolean }, command: Command) =>
      withCell(command, async ({ database, tenantId }) => {
        const { upTo } = options;
        const { missing } = await acceptDeletions(database, { tenantId, upTo, now: new Date() });
        const text = `A round begins now. Up to ${upTo} missing accounts are looked up one by one; who is gone at Logto is erased here, or frozen, as USERREF_LOGTO_ON_DELETED says.`;
        print({ missing, up_to: upTo }, { json: options.json, text });
      }),
    );
}

async function withCell(
  command: Command,
  work: (context: { database: Database; tenantId: string }) => Promise<void>,
): Promise<void> {
  const { cell, tenantId } = settingsOf(command);
  const database = new Database({
    connectionString: cell.databaseUrl,
    applicationName: 'userref-upstream-cli',
    maxConnections: 2,
  });
  try {
    await work({ database, tenantId });
  } finally {
    await database.close();
  }
}

function found({ users, changed, suspended, missing, requests }: Round): string {
  return `${users} users, ${changed} changed, ${suspended} suspended or resumed, ${missing} missing, ${requests} requests`;
}

function held({ missing }: Round): string {
  return [
    `HELD: ${missing} accounts are missing at Logto, too many to be believed. Nobody was erased.`,
    'Look whether Logto was restored from a backup, or is another one. If they are really gone:',
    `userref-core upstream accept-deletions --up-to ${missing}`,
  ].join('\n');
}

function roundJson(round: Round) {
  const { startedAt, finishedAt, users, changed, suspended, missing, deleted, requests } = round;
  return {
    ...{ started_at: startedAt, finished_at: finishedAt, users, changed, suspended, missing, deleted },
    ...{ held: round.held, requests },
  };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}
