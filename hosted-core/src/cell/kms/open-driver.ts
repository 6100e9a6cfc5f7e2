import type { RootKeySettings } from '../../config/key-service-settings.ts';
import { awsKmsDriver } from './aws-kms.ts';
import { committedDriver } from './committed-driver.ts';
import { gcpKmsDriver } from './gcp-kms.ts';
import type { KeyDriver } from './key-driver.ts';
import { openLocalKeyFile } from './local-key-file.ts';
import { pkcs11Driver } from './pkcs11.ts';
import { vaultTransitDriver } from './vault-transit.ts';

/**
 * The driver that the configuration names. Only the local key file goes without a commitment in front of its
 * blobs: it is opened by our own AES-GCM, with nobody in between who could answer wrongly.
 */
export async function openDriver(settings: RootKeySettings): Promise<KeyDriver> {
  const driver = await openBareDriver(settings);
  return settings.address.scheme === 'file' ? driver : committedDriver(driver);
}

/** The driver as it is. For tests that look at what the service itself binds. */
export async function openBareDriver(settings: RootKeySettings): Promise<KeyDriver> {
  const { address, credentialsFile, endpoint } = settings;
  switch (address.scheme) {
    case 'file':
      return openLocalKeyFile(address);
    case 'pkcs11':
      return pkcs11Driver({ ...address, pinFile: credentialsFile });
    case 'aws':
      return awsKmsDriver({ ...address, endpoint });
    case 'gcp':
      return gcpKmsDriver({ ...address, endpoint, credentialsFile });
    case 'vault':
      return vaultTransitDriver({ ...address, tokenFile: credentialsFile });
  }
}
