import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';

/** What only My data shows: receipts, disconnected sites, when the person signed in. */
export const receiptsParticipant: ErasureParticipant = {
  tables: ['cell.consent_receipts', 'cell.site_disconnections', 'cell.sign_ins'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const key = [tenantId, subjectId];
    return {
      'cell.consent_receipts': await tx.query<object>(
        `select receipt_id, site_id, site_name, site_origin, purpose_id, purpose_version, locale, consent_ids, decided_at
         from cell.consent_receipts where tenant_id = $1 and subject_id = $2 order by decided_at, receipt_id`,
        key,
      ),
      'cell.site_disconnections': await tx.query<object>(
        `select request_id, site_id, site_name, requested_at
         from cell.site_disconnections where tenant_id = $1 and subject_id = $2 order by requested_at, request_id`,
        key,
      ),
      'cell.sign_ins': await tx.query<object>(
        'select amr, occurred_at from cell.sign_ins where tenant_id = $1 and subject_id = $2 order by occurred_at',
        key,
      ),
    };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    for (const table of ['consent_receipts', 'site_disconnections', 'sign_ins'])
      await tx.query(`delete from cell.${table} where tenant_id = $1 and subject_id = $2`, [
        tenantId,
        subjectId,
      ]);
  },
};
