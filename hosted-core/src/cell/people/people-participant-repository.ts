import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/** How the person signs in and is found again, their sessions, and last the person. */
export const peopleParticipant: ErasureParticipant = {
  tables: ['cell.account_sessions', 'cell.identifiers', 'cell.people'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const key = [tenantId, subjectId];
    const where = 'where tenant_id = $1 and subject_id = $2';
    return {
      'cell.account_sessions': await tx.query<object>(
        `select assurance_level, amr, auth_time, created_at, expires_at from cell.account_sessions ${where}`,
        key,
      ),
      'cell.identifiers': await tx.query<object>(
        `select kind, created_at from cell.identifiers ${where}`,
        key,
      ),
      'cell.people': await tx.query<object>(`select status, created_at from cell.people ${where}`, key),
    };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    for (const table of ['account_sessions', 'identifiers', 'people'])
      await tx.query(`delete from cell.${table} where tenant_id = $1 and subject_id = $2`, [
        tenantId,
        subjectId,
      ]);
  },
};
