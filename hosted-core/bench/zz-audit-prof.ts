import { mkdtempSync, rmSync } from 'node:fs';
import { fillPending } from '/work/main/hosted-core/bench/audit/measure-audit.ts';
import {
  claimChain,
  commitBatch,
  readPending,
} from '/work/main/hosted-core/src/audit/sequence-repository.ts';
import { appendTo } from '/work/main/hosted-core/src/audit/sequencer.ts';
import { Database } from '/work/main/hosted-core/src/database/database.ts';
import { startEmbeddedPostgres } from '/work/main/hosted-core/src/database/embedded-postgres.ts';
import { prepareDatabase } from '/work/main/hosted-core/src/database/prepare-database.ts';

const folder = mkdtempSync('/tmp/userref-prof-');
const server = await startEmbeddedPostgres({ dataDir: folder + '/db' });
const urls = await prepareDatabase({
  serverUrl: server.adminUrl,
  database: 'audit',
  corePassword: 'b',
  cellPassword: 'b',
});
const database = new Database({
  connectionString: urls.cellUrl,
  applicationName: 'b',
  maxConnections: 4,
  statementTimeoutMs: 60000,
});
const chain = { database, schema: 'cell', tenantId: 'default' } as const;
const B = Number(process.argv[2] ?? 4000);
for (let r = 0; r < 4; r++) {
  const f0 = performance.now();
  await fillPending(chain, 60000);
  const fill = performance.now() - f0;
  const t = { claim: 0, read: 0, enc: 0, commit: 0, end: 0 };
  const s0 = performance.now();
  let n = 0;
  for (;;) {
    let mark = performance.now();
    const lap = () => {
      const d = performance.now() - mark;
      mark = performance.now();
      return d;
    };
    const c = await database.inTenant('default', async (tx) => {
      lap();
      const h = await claimChain(tx, chain);
      t.claim += lap();
      const p = await readPending(tx, chain, B);
      t.read += lap();
      if (!p.length) return 0;
      const b = appendTo(h!, p);
      t.enc += lap();
      await commitBatch(tx, chain, b);
      t.commit += lap();
      return p.length;
    });
    t.end += lap();
    if (!c) break;
    n += c;
  }
  const total = performance.now() - s0;
  console.log(
    'fill/s',
    Math.round((60000 / fill) * 1000),
    'seq/s',
    Math.round((n / total) * 1000),
    Object.fromEntries(Object.entries(t).map(([k, v]) => [k, Math.round(v)])),
  );
}
const admin = new Database({ connectionString: urls.adminUrl, applicationName: 'x' });
console.log(
  await admin.query(
    `select relname, n_live_tup, n_dead_tup, last_autovacuum from pg_stat_user_tables where relname like 'audit%' and schemaname='cell'`,
  ),
);
await admin.close();
await database.close();
await server.stop();
rmSync(folder, { recursive: true });
