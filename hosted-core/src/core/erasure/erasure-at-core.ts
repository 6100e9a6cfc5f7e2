import type { Database } from '../../database/database.ts';
import type { ReplayResult } from '../../erasure/replay-tombstones.ts';
import type { Tombstones } from '../../erasure/tombstones.ts';
import type { Logger } from '../../observability/logger.ts';
import type { CoreGateway } from '../../wall/core-gateway.ts';
import { SubjectRepository } from '../subjects/subject-repository.ts';
import { informedSites } from './erasure-notices-repository.ts';
import { receiveErasure } from './receive-erasure.ts';
import { replayAtCore } from './replay-at-core.ts';

/** The core's side of erasure. */
export interface ErasureAtCore {
  /** What a cell needs of it. */
  readonly gateway: Pick<CoreGateway, 'subjectErased' | 'informedSites'>;
  /** Whose pseudonym this is; `undefined` when it is nobody's (any more). */
  findSubject(userRef: string): Promise<string | undefined>;
  replay(): Promise<ReplayResult>;
}

export function erasureAtCore(options: {
  database: Database;
  tombstones: Tombstones;
  logger: Logger;
  /** See {@link receiveErasure}. */
  tellWithinMs?: number | undefined;
}): ErasureAtCore {
  const { database, tombstones } = options;
  const subjects = new SubjectRepository(database, tombstones.tenantId);
  return {
    gateway: {
      subjectErased: (notice) => receiveErasure(options, notice),
      informedSites: (query) => database.inTenant(query.tenantId, (tx) => informedSites(tx, query)),
    },
    findSubject: (userRef) => subjects.findByUserRef(userRef),
    replay: () => replayAtCore(tombstones),
  };
}
