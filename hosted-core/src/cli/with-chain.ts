import { type Command, Option } from 'commander';
import type { Chain } from '../audit/chain.ts';
import { readHead } from '../audit/sequence-repository.ts';
import type { Settings } from '../config/settings.ts';
import { Database } from '../database/database.ts';
import { settingsOf } from './with-core.ts';

export interface ChainContext {
  readonly settings: Settings;
  readonly chain: Chain;
  /** Name of the log; empty before its first entry. */
  readonly log: string;
}

export const HALVES = ['core', 'cell'] as const;
export type Half = (typeof HALVES)[number];

/** The option that says whose log is meant. */
export function halfOption(): Option {
  return new Option('--half <half>', 'whose log').choices([...HALVES]).makeOptionMandatory();
}

/** Runs `work` with the audit log of one half, and closes its database whatever happens. */
export async function withChain<T>(
  command: Command,
  half: Half,
  work: (context: ChainContext) => Promise<T>,
): Promise<T> {
  const settings = settingsOf(command);
  const { tenantId } = settings;
  const database = new Database({
    connectionString: settings[half].databaseUrl,
    applicationName: 'userref-audit-cli',
    maxConnections: 2,
  });
  const chain: Chain = { database, schema: half, tenantId };
  try {
    const head = await database.inTenant(tenantId, (tx) => readHead(tx, chain));
    return await work({ settings, chain, log: head?.log ?? '' });
  } finally {
    await database.close();
  }
}
