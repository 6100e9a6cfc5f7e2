/** Numbers a chain until it is killed; writes a line for each batch. Arguments: database URL, tenant. */
import { sequenceBatch } from '../../src/audit/sequencer.ts';
import { Database } from '../../src/database/database.ts';

const [, , connectionString = '', tenantId = ''] = process.argv;
const database = new Database({ connectionString, applicationName: 'sequencer', maxConnections: 1 });
for (;;) {
  const count = await sequenceBatch({ database, schema: 'cell', tenantId }, { batch: 23 }).catch(() => 0);
  if (count > 0) process.stdout.write(`${count}\n`);
  else await new Promise((done) => setTimeout(done, 2));
}
