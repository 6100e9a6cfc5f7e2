/** The two figures of the audit log alone: `node hosted-core/bench/audit/main.ts [entries]` (default 1,000,000). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chain } from '../../src/audit/chain.ts';
import { sequenceAll } from '../../src/audit/sequencer.ts';
import { Database } from '../../src/database/database.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { prepareDatabase } from '../../src/database/prepare-database.ts';
import { fillPending, measureSequencing, measureVerification, writeEvidence } from './measure-audit.ts';

const entries = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'userref-bench-audit-'));
const server = await startEmbeddedPostgres({ dataDir: join(folder, 'database') });
const passwords = { corePassword: 'bench', cellPassword: 'bench' };
const urls = await prepareDatabase({ serverUrl: server.adminUrl, database: 'audit', ...passwords });
const database = new Database({
  connectionString: urls.cellUrl,
  applicationName: 'bench',
  maxConnections: 4,
});
try {
  const chain: Chain = { database, schema: 'cell', tenantId: 'default' };
  for (let round = 1; round <= 3; round += 1) {
    const { entriesPerSecond } = await measureSequencing(chain, 100_000);
    console.log(`audit_entries_per_second ${Math.round(entriesPerSecond)} (round ${round})`);
  }
  await fillPending(chain, Math.max(0, entries - 300_000));
  await sequenceAll(chain);
  const evidence = await writeEvidence(chain, folder);
  const { seconds, peakMegabytes } = await measureVerification(evidence);
  console.log(
    `audit_verify_million_seconds ${((seconds * 1e6) / evidence.entries).toFixed(1)} (${evidence.entries} entries, ${Math.round(peakMegabytes)} MB)`,
  );
} finally {
  await database.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
