import { auditOf } from '../../audit/audit-of-subject.ts';
import type { Database } from '../../database/database.ts';
import { exportWith, type SubjectKey } from '../../erasure/erasure-participant.ts';
import type { CoreRecords } from '../../wall/core-gateway.ts';
import type { SubjectRepository } from '../subjects/subject-repository.ts';
import { CORE_PARTICIPANTS } from './core-participants.ts';

/** Everything that the core keeps about a person, for their own eyes. */
export async function exportAtCore(
  { database, subjects }: { database: Database; subjects: SubjectRepository },
  { tenantId, subjectId }: SubjectKey,
): Promise<CoreRecords> {
  return database.inTenant(tenantId, async (tx) => {
    const userRefs = await subjects.userRefs(tx, subjectId);
    return {
      records: await exportWith(CORE_PARTICIPANTS, tx, { tenantId, subjectId, userRefs }),
      audit: await auditOf(tx, 'core', { tenantId, subjectId }),
    };
  });
}
