import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { committedDriver } from '../../../src/cell/kms/committed-driver.ts';
import { vaultTransitDriver } from '../../../src/cell/kms/vault-transit.ts';
import { VaultTransitStub } from '../../support/kms-stubs/vault-transit-stub.ts';
import { describeKeyDriver } from './kms-contract.ts';

describeKeyDriver('Vault and OpenBao transit (stub)', {
  async setUp() {
    const stub = new VaultTransitStub();
    const apiUrl = `${await stub.server.listen()}/v1`;
    for (const name of ['userref', 'other']) stub.addKey(name);
    const folder = mkdtempSync(join(tmpdir(), 'userref-kms-'));
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, `${stub.token}\n`, { mode: 0o600 });
    const open = (keyName: string) => vaultTransitDriver({ apiUrl, mount: 'transit', keyName, tokenFile });
    return {
      openDriver: async () => committedDriver(open('userref')),
      openOtherDriver: async () => committedDriver(open('other')),
      openBareDriver: async () => open('userref'),
      faults: {
        throttle: (times) => stub.server.fail('throttle', times),
        hang: () => stub.server.fail('hang'),
        outage: () => stub.server.fail('outage'),
        disableKey: () => stub.server.fail('disabled'),
        corruptPlainKey: () => stub.server.fail('corrupt'),
        heal: () => stub.server.heal(),
      },
      calls: () => stub.server.requests,
      abandoned: () => stub.server.abandoned,
      problems: () => stub.server.problems,
      secrets: () => [stub.token],
      async close() {
        rmSync(folder, { recursive: true });
        await stub.server.close();
      },
    };
  },
});
