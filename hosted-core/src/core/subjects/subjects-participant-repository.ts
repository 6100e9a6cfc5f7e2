import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/** The person's pseudonyms, and last the person: with the row goes the name that the audit log knows them by. */
export const subjectsParticipant: ErasureParticipant = {
  tables: ['core.pairwise_links', 'core.subjects'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const links = await tx.query<object>(
      `select site_id, user_ref, connected_at, last_sign_in_at from core.pairwise_links
       where tenant_id = $1 and subject_id = $2 order by site_id`,
      [tenantId, subjectId],
    );
    const subjects = await tx.query<object>(
      'select region, status, created_at from core.subjects where tenant_id = $1 and subject_id = $2',
      [tenantId, subjectId],
    );
    return { 'core.pairwise_links': links, 'core.subjects': subjects };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    for (const table of ['pairwise_links', 'subjects'])
      await tx.query(`delete from core.${table} where tenant_id = $1 and subject_id = $2`, [
        tenantId,
        subjectId,
      ]);
  },
};
