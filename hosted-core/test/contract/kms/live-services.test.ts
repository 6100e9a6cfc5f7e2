import { openBareDriver, openDriver } from '../../../src/cell/kms/open-driver.ts';
import { parseKeyServiceAddress } from '../../../src/config/key-service-address.ts';
import { describeKeyDriver } from './kms-contract.ts';

/**
 * The same contract against real services, when an operator names two keys of one:
 * `USERREF_TEST_KMS_AWS`, `_GCP`, `_VAULT` and the same with `_OTHER`, each as in `USERREF_KMS`, and
 * `…_CREDENTIALS_FILE` where the service wants one.
 */
for (const kind of ['AWS', 'GCP', 'VAULT'] as const) {
  const name = `USERREF_TEST_KMS_${kind}`;
  const [key, other] = [process.env[name], process.env[`${name}_OTHER`]];
  const credentialsFile = process.env[`${name}_CREDENTIALS_FILE`];
  const skip = key && other ? undefined : `${name} and ${name}_OTHER are not set`;
  if (skip) process.stderr.write(`skipped: ${kind} live: ${skip}\n`);
  const settings = (address: string | undefined) => ({
    address: parseKeyServiceAddress(address ?? ''),
    ...(credentialsFile && { credentialsFile }),
  });
  const notOurs = 'a live service cannot be told to fail';
  describeKeyDriver(`${kind} live`, {
    skip,
    cannot: {
      throttle: notOurs,
      hang: notOurs,
      outage: notOurs,
      disableKey: notOurs,
      corruptPlainKey: notOurs,
    },
    setUp: async () => ({
      openDriver: () => openDriver(settings(key)),
      openOtherDriver: () => openDriver(settings(other)),
      openBareDriver: () => openBareDriver(settings(key)),
      faults: { heal: () => {} },
      problems: () => [],
      close: () => {},
    }),
  });
}
