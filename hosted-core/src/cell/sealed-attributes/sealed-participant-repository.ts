import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/**
 * What sites had sealed. The keys go with the vault's; the sites' copies open no more, and whoever asks for
 * one is told what anybody is told of an envelope that never was.
 */
export const sealedParticipant: ErasureParticipant = {
  tables: ['cell.sealed_envelopes'],

  async exportSubject(tx, { tenantId, subjectId }) {
    return {
      'cell.sealed_envelopes': await tx.query<object>(
        `select envelope_id, site_id, attributes, purpose_id, not_before, expires_at, sealed_at, destroyed_at,
           destroyed_because
         from cell.sealed_envelopes where tenant_id = $1 and subject_id = $2 order by sealed_at, envelope_id`,
        [tenantId, subjectId],
      ),
    };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    await tx.query('delete from cell.sealed_envelopes where tenant_id = $1 and subject_id = $2', [
      tenantId,
      subjectId,
    ]);
  },
};
