import { type Command, Option } from 'commander';
import { beginLog, REASONS, type Reason } from '../audit/begin-log.ts';
import { readClosedLogs } from '../audit/closed-log-repository.ts';
import { readHead } from '../audit/sequence-repository.ts';
import { Database } from '../database/database.ts';
import { signerOf } from './audit-signer-commands.ts';
import { print } from './report.ts';
import { type ChainContext, type Half, halfOption, withChain } from './with-chain.ts';

/** `userref-core audit logs` and `audit begin-log`. */
export function addAuditLogCommands(audit: Command): void {
  audit
    .command('logs')
    .description('list the log that grows, and those before it that were closed and kept')
    .addOption(halfOption())
    .option('--json', 'one JSON object: logs, the oldest first')
    .action((options: { half: Half; json?: boolean }, command: Command) =>
      withChain(command, options.half, async ({ chain }) => {
        const { closed, head } = await chain.database.inTenant(chain.tenantId, async (tx) => ({
          closed: await readClosedLogs(tx, chain),
          head: await readHead(tx, chain),
        }));
        const logs = [
          ...closed.map(({ log, size, closedAt }) => ({
            log,
            entries: size,
            closed_at: closedAt.toISOString(),
          })),
          ...(head ? [{ log: head.log, entries: head.size, closed_at: null }] : []),
        ];
        const lines = logs.map((one) => `${one.log}  ${one.entries} entries  ${one.closed_at ?? 'grows'}`);
        print({ logs }, { json: options.json, text: lines.join('\n') || 'No log yet.' });
      }),
    );
  audit
    .command('begin-log')
    .description(
      'close the log, which is kept, and begin another: after a backup was restored (see the guide)',
    )
    .addOption(halfOption())
    .addOption(new Option('--because <reason>', 'why').choices([...REASONS]).makeOptionMandatory())
    .option('--json', 'one JSON object: log, previous, link')
    .action((options: { half: Half; because: Reason; json?: boolean }, command: Command) =>
      withChain(command, options.half, (context) => begin(context, options)),
    );
}

async function begin(
  { settings, chain }: ChainContext,
  { because: reason, json }: { because: Reason; json?: boolean },
): Promise<void> {
  const { adminDatabaseUrl: connectionString } = settings;
  if (!connectionString)
    throw new Error('USERREF_ADMIN_DATABASE_URL is not set: only the owner of the tables may close a log.');
  const signer = signerOf(settings.audit.signerFile);
  const admin = new Database({ connectionString, applicationName: 'userref-audit-cli', maxConnections: 1 });
  try {
    const begun = await beginLog({ chain, admin, signer, reason, now: () => new Date() });
    const { log, previous, link } = begun;
    const text = [
      `Closed ${previous.log} with ${previous.size} entries; ${log} goes on.`,
      'Give auditors the signed link: userref-core audit keys --successions',
      `The closed log: userref-core audit export --half ${chain.schema} --log ${previous.log}`,
    ].join('\n');
    print({ log, previous, link }, { json, text });
  } finally {
    await admin.close();
  }
}
