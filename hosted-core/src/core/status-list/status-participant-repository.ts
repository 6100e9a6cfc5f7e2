import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';
import { revokePassports } from './status-list-repository.ts';

/** Places of the person's passports. Their bits are set first: a passport must not outlive its person. */
export const statusParticipant: ErasureParticipant = {
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
    await revokePassports(tx, { tenantId, subjectId });
    await tx.query('delete from core.status_entries where tenant_id = $1 and subject_id = $2', [
      tenantId,
      subjectId,
    ]);
  },
};
