import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/** Sessions, grants, codes and tokens of the person, at every site, and logins under way. */
export const artifactsParticipant: ErasureParticipant = {
  tables: ['core.oidc_artifacts'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const rows = await tx.query<object>(
      `select kind, site_id, expires_at from core.oidc_artifacts
       where tenant_id = $1 and subject_id = $2 order by expires_at`,
      [tenantId, subjectId],
    );
    return { 'core.oidc_artifacts': rows };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    await tx.query('delete from core.oidc_artifacts where tenant_id = $1 and subject_id = $2', [
      tenantId,
      subjectId,
    ]);
  },
};
