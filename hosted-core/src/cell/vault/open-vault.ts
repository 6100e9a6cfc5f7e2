import type { KeyServiceSettings } from '../../config/key-service-settings.ts';
import type { Database } from '../../database/database.ts';
import { type KeyService, type KeyServiceReport, openKeyService } from '../kms/key-service.ts';
import { openLocalKeyFile } from '../kms/local-key-file.ts';
import { createPkcs11Key } from '../kms/pkcs11.ts';
import { RootKeys } from './rotation/root-keys.ts';
import { Vault } from './vault.ts';

/**
 * The vault with the key service that the configuration names. Whoever opens it closes the key service.
 * @throws KeyFileError when the key file cannot be used, KeyServiceError when the service cannot be set up
 */
export async function openVault(options: {
  database: Database;
  region: string;
  keyService: KeyServiceSettings;
}): Promise<{ vault: Vault; keyService: KeyService; rootKeys: RootKeys }> {
  const { database, region } = options;
  const keyService = await connectKeyService(options.keyService, region);
  return {
    vault: new Vault({ database, region, keyWrapper: keyService }),
    keyService,
    rootKeys: new RootKeys({ database, region, keyService }),
  };
}

/** The key service alone, for commands. */
export function connectKeyService(settings: KeyServiceSettings, region: string): Promise<KeyService> {
  return openKeyService(settings, { region });
}

/** Wraps and unwraps a random key. Throws as {@link KeyService.check}. */
export async function checkKeyService(
  settings: KeyServiceSettings,
  region: string,
): Promise<KeyServiceReport> {
  const keyService = await connectKeyService(settings, region);
  try {
    return await keyService.check();
  } finally {
    await keyService.close();
  }
}

/**
 * Makes the root key where we can: in a file, or in a PKCS#11 token. Keeps one that is there.
 * @throws TypeError for a service whose keys its own tools make
 */
export async function createRootKey(settings: KeyServiceSettings): Promise<void> {
  const { address, credentialsFile } = settings;
  if (address.scheme === 'file') return createVaultKeyFile(address.path);
  if (address.scheme === 'pkcs11') return createPkcs11Key({ ...address, pinFile: credentialsFile });
  throw new TypeError(`a root key of ${address.scheme} is made with the tools of that service`);
}

/** Makes the key file of a vault; keeps one that is there. */
export async function createVaultKeyFile(path: string): Promise<void> {
  await openLocalKeyFile({ path, whenMissing: 'create' });
}
