import type { Database } from '../../database/database.ts';
import { openLocalKeyFile } from '../kms/local-key-file.ts';
import { Vault } from './vault.ts';

/**
 * The vault with the key service that the configuration names.
 * @throws KeyFileError when the key file cannot be used
 */
export async function openVault(options: {
  database: Database;
  region: string;
  keyFile: string;
}): Promise<Vault> {
  const keyWrapper = await openLocalKeyFile({ path: options.keyFile });
  return new Vault({ database: options.database, region: options.region, keyWrapper });
}

/** Makes the key file of a development vault; keeps one that is there. */
export async function createVaultKeyFile(path: string): Promise<void> {
  await openLocalKeyFile({ path, whenMissing: 'create' });
}
