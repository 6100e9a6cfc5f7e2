import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { environmentHasSettings } from '../config/environment.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { Database } from '../database/database.ts';

/** The settings that a command works with: `--config`, the environment, or a running development core's file. */
export function settingsOf(command: Command): Settings {
  const { config } = command.optsWithGlobals<{ config?: string }>();
  return loadSettings({ file: config ?? developmentFile() });
}

/** What a command works with. */
export interface CoreContext {
  readonly settings: Settings;
  readonly database: Database;
}

/** Runs `work` with the core's database, and closes it whatever happens. */
export async function withCoreDatabase<T>(
  command: Command,
  work: (context: CoreContext) => Promise<T>,
): Promise<T> {
  const settings = settingsOf(command);
  const database = new Database({
    connectionString: settings.core.databaseUrl,
    applicationName: 'userref-core-cli',
    maxConnections: 2,
  });
  try {
    return await work({ settings, database });
  } finally {
    await database.close();
  }
}

/** Found like a repository is: in this folder or one above. */
function developmentFile(): string | undefined {
  if (environmentHasSettings()) return undefined;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const file = join(folder, '.userref', 'core.env');
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) return undefined;
  }
}
