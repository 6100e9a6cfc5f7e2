import type { KeyServiceSettings } from '../../config/settings.ts';
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
export async function openDriver({
  address,
  credentialsFile,
  endpoint,
}: KeyServiceSettings): Promise<KeyDriver> {
  switch (address.scheme) {
    case 'file':
      return openLocalKeyFile(address);
    case 'pkcs11':
      return committedDriver(pkcs11Driver({ ...address, pinFile: credentialsFile }));
    case 'aws':
      return committedDriver(await awsKmsDriver({ ...address, endpoint }));
    case 'gcp':
      return committedDriver(gcpKmsDriver({ ...address, endpoint, credentialsFile }));
    case 'vault':
      return committedDriver(vaultTransitDriver({ ...address, tokenFile: credentialsFile }));
  }
}
