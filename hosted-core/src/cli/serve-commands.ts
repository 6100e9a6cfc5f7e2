import type { Command } from 'commander';
import { startHouse } from '../app.ts';
import { migrate } from '../database/migrate.ts';
import { createLogger } from '../observability/logger.ts';
import { print } from './report.ts';
import { settingsOf } from './with-core.ts';

export function addServeCommands(program: Command): void {
  program
    .command('serve')
    .description('run the core and the cell until SIGTERM or Ctrl-C')
    .action(async (_options, command: Command) => serve(command));
  program
    .command('migrate')
    .description('bring the database to this version’s schema; safe to repeat and to run from several places')
    .option('--json', 'one JSON object')
    .action(async (options: { json?: boolean }, command: Command) => runMigrations(options, command));
}

async function serve(command: Command): Promise<void> {
  const settings = settingsOf(command);
  const logger = createLogger({ level: settings.logLevel });
  const house = await startHouse(settings, logger);
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  logger.info('stopping');
  await house.stop();
}

async function runMigrations({ json }: { json?: boolean }, command: Command): Promise<void> {
  const settings = settingsOf(command);
  if (!settings.adminDatabaseUrl) {
    throw new Error(
      'USERREF_ADMIN_DATABASE_URL is missing: migrations need a role that may create roles and schemas.',
    );
  }
  const applied: string[] = [];
  await migrate({
    adminUrl: settings.adminDatabaseUrl,
    coreUrl: settings.core.jobsDatabaseUrl ?? settings.core.databaseUrl,
    cellUrl: settings.cell.jobsDatabaseUrl ?? settings.cell.databaseUrl,
    onApplied: (name) => {
      applied.push(name);
      if (!json) process.stderr.write(`applied ${name}\n`);
    },
  });
  print(
    { applied },
    { json, text: applied.length === 0 ? 'Nothing to do.' : `${applied.length} migrations applied.` },
  );
}
