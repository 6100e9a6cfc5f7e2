import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/** What the person asked for themselves, how they sign in and are found again, their sessions, and last the person. */
export const peopleParticipant: ErasureParticipant = {
  tables: [
    'cell.attribute_changes',
    'cell.deletion_requests',
    'cell.account_sessions',
    'cell.identifiers',
    'cell.people',
  ],

  async exportSubject(tx, { tenantId, subjectId }) {
    const key = [tenantId, subjectId];
    const where = 'where tenant_id = $1 and subject_id = $2';
    return {
      'cell.attribute_changes': await tx.query<object>(
        `select attributes, occurred_at from cell.attribute_changes ${where} order by occurred_at`,
        key,
      ),
      'cell.deletion_requests': await tx.query<object>(
        `select request_id, requested_at, due_at from cell.deletion_requests ${where}`,
        key,
      ),
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
    for (const table of [
      'attribute_changes',
      'deletion_requests',
      'account_sessions',
      'identifiers',
      'people',
    ])
      await tx.query(`delete from cell.${table} where tenant_id = $1 and subject_id = $2`, [
        tenantId,
        subjectId,
      ]);
  },
};
