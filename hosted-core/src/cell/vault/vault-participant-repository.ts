import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/** The person's data keys and sealed values. Without the keys, every copy of the values is noise. */
export const vaultParticipant: ErasureParticipant = {
  tables: ['cell_keys.subject_keys', 'cell.users_pii'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const key = [tenantId, subjectId];
    return {
      'cell_keys.subject_keys': await tx.query<object>(
        `select class, version, created_at from cell_keys.subject_keys
         where tenant_id = $1 and subject_id = $2 order by class, version`,
        key,
      ),
      'cell.users_pii': await tx.query<object>(
        `select attribute, class, source, updated_at from cell.users_pii
         where tenant_id = $1 and subject_id = $2 order by attribute`,
        key,
      ),
    };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    for (const table of ['cell_keys.subject_keys', 'cell.users_pii'])
      await tx.query(`delete from ${table} where tenant_id = $1 and subject_id = $2`, [tenantId, subjectId]);
  },
};
