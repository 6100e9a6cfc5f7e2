import type { Command } from 'commander';
import { openVault } from '../cell/vault/open-vault.ts';
import { Database } from '../database/database.ts';
import { settingsOf } from './with-core.ts';

type OpenVault = Awaited<ReturnType<typeof openVault>>;

/** What commands on the vault work with. */
export interface VaultContext extends Pick<OpenVault, 'vault' | 'rootKeys'> {
  readonly tenantId: string;
  /** Connected as `cell_app`. */
  readonly database: Database;
}

/** Runs `work` with the cell's vault, and closes database and key service whatever happens. */
export async function withVault(
  command: Command,
  work: (context: VaultContext) => Promise<void>,
): Promise<void> {
  const settings = settingsOf(command);
  const database = new Database({
    connectionString: settings.cell.databaseUrl,
    applicationName: 'userref-core-cli',
    maxConnections: 2,
  });
  const { tenantId, region } = settings;
  try {
    const { keyService, ...vault } = await openVault({
      ...{ database, region, keyService: settings.cell.keyService },
    });
    try {
      await work({ ...vault, tenantId, database });
    } finally {
      await keyService.close();
    }
  } finally {
    await database.close();
  }
}
