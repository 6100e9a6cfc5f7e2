import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCellHalf } from '../../src/cell/cell-half.ts';
import { createVaultKeyFile } from '../../src/cell/vault/open-vault.ts';
import { createCoreFoundation } from '../../src/core/core-foundation.ts';
import { createCoreHalf } from '../../src/core/core-half.ts';
import { openErasureDesk } from '../../src/dependencies.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import { TENANT } from './cell-fixture.ts';
import type { RestorableDatabase } from './restorable-database.ts';

const logger = createLogger({ level: process.env.TEST_LOG ?? 'silent' });
const CORE_URL = `http://${TENANT}.test`;
const CELL_URL = 'http://cell.test';

/** Both halves on a database that may be restored under them, without their ports. */
export async function houseOn(database: RestorableDatabase) {
  const folder = mkdtempSync(join(tmpdir(), 'userref-house-'));
  const ledgerFolder = join(folder, 'tombstones');
  const keyFile = join(folder, 'vault.key');
  await createVaultKeyFile(keyFile);
  const secrets = new SecretBox(randomBytes(32));
  const { coreUrl, cellUrl } = database;
  const common = { tenantId: TENANT, tombstoneLedger: ledgerFolder, logger, trustedProxies: [] };
  return {
    ...{ folder, ledgerFolder, keyFile, logger },
    async start() {
      const foundation = createCoreFoundation({
        ...{ ...common, secrets, databaseUrl: coreUrl, url: CORE_URL, outbound: 'public-and-loopback' },
      });
      const cell = await createCellHalf(
        {
          ...{ ...common, databaseUrl: cellUrl, url: CELL_URL, region: 'eu', coreIssuer: CORE_URL },
          keyService: { address: { scheme: 'file', path: keyFile } },
          upstream: { issuer: 'http://localhost:1', clientId: 'cell', clientSecret: 'secret' },
          operator: { name: 'Test operator' },
          csrfKey: randomBytes(32),
          receiptSecret: randomBytes(32),
        },
        foundation.gateway,
      );
      const core = await createCoreHalf(foundation, cell.port);
      const halves = { core, cell };
      return {
        ...halves,
        startJobs: () => Promise.all([core.startJobs(), cell.startJobs()]),
        async readiness(half: 'core' | 'cell') {
          const answer = await halves[half].app.inject({ url: '/readyz' });
          return (answer.json() as { checks: Record<string, string> }).checks.tombstones;
        },
        async status(half: 'core' | 'cell', url: string) {
          return (await halves[half].app.inject({ url })).statusCode;
        },
        stop: () => Promise.all([core.close(), cell.close()]),
      };
    },
    /** What `userref-core restore replay-tombstones` and `dsr` do, in another process. */
    desk: () =>
      openErasureDesk(
        {
          ...{ tenantId: TENANT, core: { databaseUrl: coreUrl }, cell: { databaseUrl: cellUrl } },
          ...{ erasure: { ledgerFolder, keyBackupDays: 7 }, upstream: {} },
        } as Parameters<typeof openErasureDesk>[0],
        logger,
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type HouseOnBackup = Awaited<ReturnType<typeof houseOn>>;
