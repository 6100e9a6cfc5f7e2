import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { committedDriver } from '../../../src/cell/kms/committed-driver.ts';
import { gcpKmsDriver } from '../../../src/cell/kms/gcp-kms.ts';
import { GcpKmsStub } from '../../support/kms-stubs/gcp-kms-stub.ts';
import { describeKeyDriver } from './kms-contract.ts';

describeKeyDriver('GCP KMS (stub)', {
  async setUp() {
    const stub = new GcpKmsStub();
    stub.url = await stub.server.listen();
    const [key, other] = [stub.addKey('userref'), stub.addKey('other')];
    const folder = mkdtempSync(join(tmpdir(), 'userref-kms-'));
    const credentialsFile = join(folder, 'account.json');
    writeFileSync(credentialsFile, stub.serviceAccount(), { mode: 0o600 });
    const open = (keyName: string) => gcpKmsDriver({ keyName, endpoint: stub.url, credentialsFile });
    return {
      openDriver: async () => committedDriver(open(key)),
      openOtherDriver: async () => committedDriver(open(other)),
      openBareDriver: async () => open(key),
      faults: {
        throttle: (times) => stub.server.fail('throttle', times),
        hang: () => stub.server.fail('hang'),
        outage: () => stub.server.fail('outage'),
        disableKey: () => stub.server.fail('disabled'),
        corruptPlainKey: () => stub.server.fail('corrupt'),
        heal: () => stub.server.heal(),
      },
      // Without the requests for access tokens.
      calls: () => stub.server.requests - stub.tokensGiven,
      abandoned: () => stub.server.abandoned,
      problems: () => stub.server.problems,
      secrets: () => ['PRIVATE KEY'],
      async close() {
        rmSync(folder, { recursive: true });
        await stub.server.close();
      },
    };
  },
});
