/** A process that keeps keys in memory as a cell does, and reads what a line on its standard input names. */
import { createInterface } from 'node:readline';
import { openVault } from '../../src/cell/vault/open-vault.ts';
import { Database } from '../../src/database/database.ts';

const { databaseUrl, keyService, tenantId } = JSON.parse(process.argv[2] ?? '{}');
const database = new Database({ connectionString: databaseUrl, applicationName: 'reader' });
const { vault } = await openVault({ database, region: 'eu', keyService });
process.stdout.write('ready\n');
for await (const subjectId of createInterface(process.stdin)) {
  const answer = await vault.openOwn(tenantId, subjectId).then(
    (opened) => `${opened.length} opened`,
    (error: { code?: string }) => error.code ?? 'failed',
  );
  process.stdout.write(`${answer}\n`);
}
