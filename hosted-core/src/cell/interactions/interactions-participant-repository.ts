import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

const ABOUT = `tenant_id = $1 and ((request ? 'subjectId' and request ->> 'subjectId' = $2)
  or (outcome ? 'subjectId' and outcome ->> 'subjectId' = $2))`;

/** Pages that were opened for the person, and outcomes that name them. */
export const interactionsParticipant: ErasureParticipant = {
  tables: ['cell.interactions'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const rows = await tx.query<object>(
      `select request ->> 'kind' as kind, request -> 'site' ->> 'siteId' as site_id, created_at
       from cell.interactions where ${ABOUT} order by created_at`,
      [tenantId, subjectId],
    );
    return { 'cell.interactions': rows };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    await tx.query(`delete from cell.interactions where ${ABOUT}`, [tenantId, subjectId]);
  },
};
