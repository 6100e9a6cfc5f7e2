import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/** Which live passport is whose: they are revoked, and that outlives the link to the person. */
export const passportsParticipant: ErasureParticipant = {
  tables: ['core.status_entries'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const rows = await tx.query<object>(
      `select site_id, expires_at, revoked_at from core.status_entries
       where tenant_id = $1 and subject_id = $2 order by expires_at`,
      [tenantId, subjectId],
    );
    return { 'core.status_entries': rows };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    await tx.query('select core.revoke_passports($1, null, $2, null)', [tenantId, subjectId]);
    await tx.query('delete from core.status_entries where tenant_id = $1 and subject_id = $2', [
      tenantId,
      subjectId,
    ]);
  },
};
