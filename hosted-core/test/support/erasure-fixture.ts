import { erasePerson, erasureReceipt } from '../../src/cell/erasure/erase-person.ts';
import type { ErasureDependencies } from '../../src/cell/erasure/finish-erasure.ts';
import { informedSites } from '../../src/core/erasure/erasure-notices-repository.ts';
import { receiveErasure } from '../../src/core/erasure/receive-erasure.ts';
import { SubjectRepository } from '../../src/core/subjects/subject-repository.ts';
import type { Database } from '../../src/database/database.ts';
import { Tombstones } from '../../src/erasure/tombstones.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { ErasureNotice } from '../../src/wall/erasure.ts';
import { TENANT } from './cell-fixture.ts';

export const REQUEST = 'request-0001';
const logger = createLogger({ level: 'silent' });

/** Both sides of the wall, as far as erasure goes, on one database. */
export function erasureOn(databases: { core: Database; cell: Database }, ledgerFolder?: string) {
  const shared = { tenantId: TENANT, ledgerFolder };
  const atCore = new Tombstones({ half: 'core', database: databases.core, ...shared });
  const inCell = new Tombstones({ half: 'cell', database: databases.cell, ...shared });
  const wall = { away: false };
  const subjects = new SubjectRepository(databases.core, TENANT);
  const core: ErasureDependencies['core'] = {
    async subjectErased(notice: ErasureNotice) {
      if (wall.away) throw new Error('the core is away');
      await receiveErasure({ tombstones: atCore, logger }, notice);
    },
    informedSites: (query) => databases.core.inTenant(TENANT, (tx) => informedSites(tx, query)),
  };
  const deps: ErasureDependencies = {
    ...{ tombstones: inCell, core, logger, now: () => new Date() },
    backupWindowDays: 7,
    upstreamKeeps: 'Nothing.',
  };
  return {
    ...{ atCore, inCell, wall, deps, subjects, core },
    erase: (subjectId: string, requestId = REQUEST) =>
      erasePerson(deps, { tenantId: TENANT, subjectId, requestId }),
    receipt: (requestId = REQUEST) => erasureReceipt(deps, { tenantId: TENANT, requestId }),
  };
}
