import { erasePerson } from '../../src/cell/erasure/erase-person.ts';
import { receiveErasure } from '../../src/core/erasure/receive-erasure.ts';
import { Database } from '../../src/database/database.ts';
import { Tombstones } from '../../src/erasure/tombstones.ts';
import { createLogger } from '../../src/observability/logger.ts';

/**
 * A process that erases somebody and stands still at the named moment, for the test to kill it there:
 * `before-core` when the cell has committed, `after-core` when the core has too.
 */
const [moment, coreUrl = '', cellUrl = '', tenantId = '', subjectId = '', requestId = '', ledgerFolder = ''] =
  process.argv.slice(2);

const logger = createLogger({ level: 'silent' });
const open = (half: 'core' | 'cell', connectionString: string) =>
  new Tombstones({
    ...{ half, tenantId, ledgerFolder },
    database: new Database({ connectionString, applicationName: 'crash' }),
  });
const [core, cell] = [open('core', coreUrl), open('cell', cellUrl)];

async function standStill(): Promise<never> {
  process.stdout.write('here\n');
  setInterval(() => {}, 1_000);
  return new Promise(() => {});
}

await erasePerson(
  {
    tombstones: cell,
    core: {
      async subjectErased(notice) {
        if (moment === 'before-core') await standStill();
        await receiveErasure({ tombstones: core, logger }, notice);
        await standStill();
      },
      informedSites: async () => [],
    },
    ...{ logger, now: () => new Date(), backupWindowDays: 7, upstreamKeeps: '' },
  },
  { tenantId, subjectId, requestId },
);
